import type { EconomyParameters } from './parameters.ts'

/** Customers as a whole: how many know the service, and what it costs. */
export interface Customers {
  /** 0 to 1. */
  adoption: number
  /** Dollars per unit. */
  priceUsd: number
}

/** What is asked for and served in a day. */
export interface Service {
  readonly servedUnits: number
  readonly paidUsd: number
}

export const openCustomers = ({ customers }: EconomyParameters): Customers => ({
  adoption: customers.adoption,
  priceUsd: (customers.priceUsd[0] + customers.priceUsd[1]) / 2,
})

/**
 * A day of customers. Demand is a straight line: reservation prices are spread evenly up to the highest. Adoption grows logistically while customers are served and
 * shrinks while they are not; the price follows how much of the network is in use, around 70 %.
 *
 * @param capacityUnits what the network can serve
 * @param demandLevel the climate's factor on potential demand
 */
export function stepCustomers(
  state: Customers,
  { customers }: EconomyParameters,
  capacityUnits: number,
  demandLevel: number,
): Service {
  const willing = Math.max(0, 1 - state.priceUsd / customers.maxPriceUsd)
  const asked = customers.potentialUnits * demandLevel * state.adoption * willing
  const servedUnits = Math.min(asked, capacityUnits)
  const quality = asked === 0 ? 1 : servedUnits / asked
  state.adoption += customers.adoptionPerDay * state.adoption * (quality - state.adoption)
  const use = capacityUnits === 0 ? 1 : Math.min(1, asked / capacityUnits)
  const paidUsd = servedUnits * state.priceUsd
  const [low, high] = customers.priceUsd
  state.priceUsd = Math.min(high, Math.max(low, state.priceUsd * (1 + 0.01 * (use - 0.7))))
  return { servedUnits, paidUsd }
}
