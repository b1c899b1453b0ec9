import { least, mulDiv, saturatingSub } from '../arithmetic/mul-div.ts'
import { BPS, TOTAL_MAX, WAD } from '../arithmetic/units.ts'
import { inconsistent, requireRange } from '../economics-error.ts'
import { netEmission } from './net-emission.ts'

/** The band sellers' earnings are held in, relative to what payers paid. */
export interface BandLimits {
  /** Sellers are topped up to this share of what was paid, in basis points: 0 to 10 000. */
  readonly floorBps: bigint
  /** Sellers are paid at most this multiple of what was paid, in basis points: more than `floorBps`, at most 1 000 000. 0: no cap. */
  readonly capBps: bigint
  /** The most that is emitted again per epoch without a floor binding, in the token's smallest unit. */
  readonly netEmissionCap: bigint
}

export interface BandInput {
  /** The schedule's emission of this epoch. */
  readonly scheduled: bigint
  /** {@link smoothBurn} of recent epochs. */
  readonly smoothedBurn: bigint
  /** What was paid in this epoch, as tokens at the **lower** bound of the price, so that a minimum is never paid short. Undefined: no price. */
  readonly paidAtFloorPrice: bigint | undefined
  /** The same as tokens at the price itself. Undefined: no price. */
  readonly paidAtPrice: bigint | undefined
  /** What payers gave these sellers directly, in tokens: it counts towards the floor. */
  readonly paidDirectly: bigint
  /** The part of all rewards that reaches these sellers, with 18 decimals: 0 to 1. */
  readonly reach: bigint
}

export interface Band {
  /** Of what was burned, emitted again in any case: {@link netEmission}. */
  readonly reEmitted: bigint
  /** Emitted on top so that sellers reach the floor. */
  readonly topUp: bigint
  /** `scheduled + reEmitted + topUp`. */
  readonly rewards: bigint
  /** The most sellers may be paid; undefined: no cap in this epoch. */
  readonly cap: bigint | undefined
}

/**
 * The burn-bounded floor and cap of HIP-149 for any share of rewards (helium/helium-program-library, programs/helium-sub-daos/src/backstop.rs).
 *
 * `topUp = min(⌊max(0, ⌊paid · floor⌋ − paidDirectly − ⌊(scheduled + reEmitted) · reach⌋) / reach⌋, max(0, smoothedBurn − netEmissionCap))`,
 * so that what is emitted again in both ways never passes the recent burn. A demand that fits no 96 bits comes from a price nobody can mean, and
 * tops up nothing; neither does a missing price or no reach.
 *
 * @throws EconomicsError for limits or a reach out of bounds
 */
export function deriveBand(limits: BandLimits, input: BandInput): Band {
  requireLimits(limits)
  requireRange('reach', input.reach, 0n, WAD)
  const reEmitted = netEmission(input.smoothedBurn, limits.netEmissionCap)
  const base = input.scheduled + reEmitted
  const topUp = least(topUpDemand(limits, input, base), saturatingSub(input.smoothedBurn, reEmitted))
  const cap =
    input.paidAtPrice === undefined || limits.capBps === 0n
      ? undefined
      : mulDiv(input.paidAtPrice, limits.capBps, BPS)
  return { reEmitted, topUp, rewards: base + topUp, cap }
}

function topUpDemand({ floorBps }: BandLimits, input: BandInput, base: bigint): bigint {
  const { paidAtFloorPrice, paidDirectly, reach } = input
  if (paidAtFloorPrice === undefined || reach === 0n) return 0n
  const target = mulDiv(paidAtFloorPrice, floorBps, BPS)
  const demand = mulDiv(saturatingSub(target, paidDirectly + mulDiv(base, reach, WAD)), WAD, reach)
  return demand > TOTAL_MAX ? 0n : demand
}

/**
 * What sellers would be paid beyond the cap, and is kept for stakers or the treasury instead; never more than `available`. Where nothing was paid
 * (a cap of zero) or no price was had (undefined), nothing is kept: a missing signal must not take everything.
 */
export function overflow(earnings: bigint, cap: bigint | undefined, available: bigint): bigint {
  if (cap === undefined || cap === 0n) return 0n
  return least(saturatingSub(earnings, cap), available)
}

/** What sellers get of `rewards` by their reach, rounded down. */
export const sellersPart = (rewards: bigint, reach: bigint): bigint => mulDiv(rewards, reach, WAD)

/**
 * The price at which a bound of the band begins to bind: below it for the floor, above it for the cap. Both amounts with 18 decimals, and so is the price.
 *
 * @param paidUsd what was paid, in dollars
 * @param boundBps `floorBps` or `capBps`
 * @param baseline what sellers get without the band, in tokens
 */
export const bindingPrice = (paidUsd: bigint, boundBps: bigint, baseline: bigint): bigint =>
  mulDiv(paidUsd, boundBps * WAD, BPS * baseline)

function requireLimits({ floorBps, capBps, netEmissionCap }: BandLimits): void {
  requireRange('floorBps', floorBps, 0n, BPS)
  requireRange('capBps', capBps, 0n, 1_000_000n)
  requireRange('netEmissionCap', netEmissionCap, 0n, TOTAL_MAX)
  if (capBps !== 0n && capBps <= floorBps) {
    throw inconsistent(
      'capBps',
      `The cap is ${capBps} and the floor ${floorBps} basis points of what was paid, so both could bind at once.`,
      'Choose a cap above the floor, or 0 for none.',
    )
  }
}
