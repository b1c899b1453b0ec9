import type { EconomyParameters } from './parameters.ts'
import type { Random } from './random.ts'

/** The token's market. Prices are floating point, made of + − × ÷ alone. */
export interface Market {
  priceUsd: number
  /** What speculators think all tokens are worth, before shocks. */
  sentimentUsd: number
  /** A year's revenue that is burned for good, smoothed. */
  burnedUsdPerYear: number
}

/** What moves a price in a day. */
export interface MarketDay {
  readonly supply: number
  readonly boughtUsd: number
  readonly soldUsd: number
  /** Burned less emitted again, in dollars. */
  readonly netBurnUsd: number
  /** The climate's factor. */
  readonly sentiment: number
}

export const openMarket = (parameters: EconomyParameters): Market => ({
  priceUsd: parameters.market.priceUsd,
  sentimentUsd: (Number(parameters.token.genesisSupply) / 1e18) * parameters.market.priceUsd,
  burnedUsdPerYear: 0,
})

/**
 * A day of the market: sentiment walks at random; the price reverts to sentiment plus the value of what is burned for good, `y / ρ` (see
 * `fundamentalValue`), moves with what is bought and sold against the market's depth, and jitters. A day moves it by half at most.
 */
export function stepMarket(
  state: Market,
  { market }: EconomyParameters,
  { supply, boughtUsd, soldUsd, netBurnUsd, sentiment }: MarketDay,
  random: Random,
): void {
  state.sentimentUsd *= Math.max(0.5, 1 + market.driftPerDay + market.volatilityPerDay * random.normal())
  state.burnedUsdPerYear += (Math.max(0, netBurnUsd) * 365 - state.burnedUsdPerYear) / 90
  const worthUsd = state.sentimentUsd * sentiment + state.burnedUsdPerYear / market.discount
  const capitalisation = supply * state.priceUsd
  const pull = Math.min(1, Math.max(-1, worthUsd / capitalisation - 1)) * market.reversionPerDay
  const flow = ((boughtUsd - soldUsd) / (capitalisation * market.depthShare)) * 0.5
  const jitter = 0.3 * market.volatilityPerDay * random.normal()
  const move = pull + Math.min(0.2, Math.max(-0.2, flow)) + jitter
  state.priceUsd = Math.max(1e-8, state.priceUsd * (1 + Math.min(0.5, Math.max(-0.5, move))))
}
