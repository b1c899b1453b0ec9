import { TOTAL_MAX } from '../arithmetic/units.ts'
import { deriveBand } from '../budget/band.ts'
import { openBreaker } from '../budget/outflow-breaker.ts'
import { weightsAt } from '../budget/program-weights.ts'
import { EconomicsError, inconsistent, requireRange, requireWhole } from '../economics-error.ts'
import { exponentialDecay } from '../schedule/exponential-decay.ts'
import type { EconomyParameters, Shock } from './parameters.ts'

/** The most shocks a simulation takes. */
const SHOCKS_MAX = 64

/**
 * Throws where a network can not be simulated with `parameters`.
 *
 * @throws EconomicsError naming the field
 */
export function requireParameters(parameters: EconomyParameters): void {
  requireWhole('operators', parameters.operators, 1, 4_194_304)
  requireWhole('epochs', parameters.epochs, 1, 36_500)
  requireWhole('sampleEpochs', parameters.sampleEpochs, 1, parameters.epochs)
  requireToken(parameters.token)
  const { hardware, behaviour, customers, market } = parameters
  requireNumber('hardware.priceUsd', hardware.priceUsd, 0.01, 1e9)
  requireNumber('hardware.costUsdPerDay', hardware.costUsdPerDay, 0, 1e6)
  requireNumber('hardware.failurePerDay', hardware.failurePerDay, 0, 1)
  requirePair('behaviour.hurdle', behaviour.hurdle, 0, 1_000)
  for (const field of ['activeShare', 'enterPerDay', 'leavePerDay', 'soldShare'] as const) {
    requireNumber(`behaviour.${field}`, behaviour[field], 0, 1)
  }
  requireNumber('customers.potentialUnits', customers.potentialUnits, 0, 1e12)
  requireNumber('customers.adoption', customers.adoption, 0, 1)
  requireNumber('customers.adoptionPerDay', customers.adoptionPerDay, 0, 1)
  requireNumber('customers.maxPriceUsd', customers.maxPriceUsd, 1e-9, 1e9)
  requirePair('customers.priceUsd', customers.priceUsd, 1e-9, 1e9)
  requireNumber('market.priceUsd', market.priceUsd, 1e-8, 1e9)
  requireNumber('market.driftPerDay', market.driftPerDay, -0.1, 0.1)
  requireNumber('market.volatilityPerDay', market.volatilityPerDay, 0, 0.2)
  requireNumber('market.reversionPerDay', market.reversionPerDay, 0, 1)
  requireNumber('market.depthShare', market.depthShare, 1e-6, 1)
  requireNumber('market.discount', market.discount, 0.001, 10)
  requireWhole('shocks.length', parameters.shocks.length, 0, SHOCKS_MAX)
  for (const [index, shock] of parameters.shocks.entries()) requireShock(shock, `shocks.${index}`)
}

function requireToken(token: EconomyParameters['token']): void {
  requireRange('token.genesisSupply', token.genesisSupply, 1n, TOTAL_MAX)
  requireWhole('token.scheduleEnds', token.scheduleEnds, 0, 0xffff_ffff)
  requireRange('token.sellerBps', token.sellerBps, 0n, 10_000n)
  requireRange('token.usageReturnBps', token.usageReturnBps, 0n, 10_000n)
  requireRange('token.breaker.limit', token.breaker.limit, 0n, TOTAL_MAX)
  exponentialDecay(token.schedule)
  openBreaker(token.breaker)
  deriveBand(token.band, {
    scheduled: 0n,
    smoothedBurn: 0n,
    paidAtFloorPrice: undefined,
    paidAtPrice: undefined,
    paidDirectly: 0n,
    reach: 0n,
  })
  if (weightsAt(token.weights, 0).length !== 2) {
    throw inconsistent(
      'token.weights',
      'A simulated network has two programs, coverage and usage, in this order.',
      'Give each point two weights.',
    )
  }
}

function requireShock(shock: Shock, field: string): void {
  requireWhole(`${field}.epoch`, shock.epoch, 0, 0xffff_ffff)
  requireWhole(`${field}.days`, shock.days, 1, 36_500)
  requireNumber(`${field}.sentiment`, shock.sentiment ?? 1, 0, 1_000)
  requireNumber(`${field}.demand`, shock.demand ?? 1, 0, 1_000)
  requireNumber(`${field}.hurdle`, shock.hurdle ?? 1, 0, 1_000)
  requireNumber(`${field}.poached`, shock.poached ?? 0, 0, 1)
}

function requirePair(
  field: string,
  [low, high]: readonly [number, number],
  least: number,
  most: number,
): void {
  requireNumber(`${field}.0`, low, least, most)
  requireNumber(`${field}.1`, high, low, most)
}

function requireNumber(field: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return
  throw new EconomicsError({
    code: 'out_of_range',
    message: `${field} is ${value}; expected a number from ${least} to ${most}.`,
    fix: `Choose another ${field}.`,
    field,
    value: String(value),
  })
}
