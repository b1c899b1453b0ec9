import { BPS } from '../arithmetic/units.ts'
import { requireRange, requireWhole } from '../economics-error.ts'

/** What an `AggregatorV3Interface` answers, and what a feed says of its own error. Times are Unix seconds. */
export interface PriceReading {
  /** Dollars per token; signed on chain. */
  readonly answer: bigint
  /** Of the answer: 0 to 18. */
  readonly decimals: number
  readonly updatedAt: number
  /** Half-width of the feed's confidence interval, in the answer's unit; 0 where the feed has none. */
  readonly confidence: bigint
}

/** The last price that was accepted, as the contract keeps it. */
export interface AcceptedPrice {
  readonly answer: bigint
  readonly updatedAt: number
}

export interface PriceLimits {
  /** The feed's decimals: 0 to 18. A feed that changes them is not believed. */
  readonly decimals: number
  /** A reading may be this old: 1 to 604 800 s. */
  readonly maxAgeSeconds: number
  /** How far a reading may be from the last accepted one, in basis points of that: 1 to 1 000 000. */
  readonly maxDeviationBps: bigint
  /** Once the last accepted price is this old, a new level is accepted without comparison, so that a real move can not stop a network for ever. */
  readonly forgetSeconds: number
  /** How wide the confidence may be, in basis points of the answer: 0 to 10 000. */
  readonly maxConfidenceBps: bigint
}

/** Why a price is not used. */
export type DormantReason =
  | 'not_positive'
  | 'decimals_changed'
  | 'too_large'
  | 'from_the_future'
  | 'stale'
  | 'uncertain'
  | 'deviates'

/** A price to count with, or the reason why everything that needs one rests. */
export type PriceVerdict =
  | {
      readonly usable: true
      /** The answer. */
      readonly price: bigint
      /** The answer less twice the confidence: what credits are minted at. Positive. */
      readonly lowPrice: bigint
      readonly decimals: number
    }
  | { readonly usable: false; readonly reason: DormantReason }

/** The largest answer that is believed: no product below passes 256 bits. */
const ANSWER_MAX = (1n << 96n) - 1n

/**
 * Judges a reading at `now`. It never throws for what a feed says: a bad price makes burning and bands **dormant**, while claims, refunds and the schedule go on.
 *
 * @param accepted the last price that was accepted, if there was one
 * @throws EconomicsError for limits out of bounds
 */
export function verifyPrice(
  limits: PriceLimits,
  reading: PriceReading,
  now: number,
  accepted?: AcceptedPrice,
): PriceVerdict {
  requireLimits(limits)
  const { answer, confidence, updatedAt } = reading
  if (answer <= 0n) return dormant('not_positive')
  if (reading.decimals !== limits.decimals) return dormant('decimals_changed')
  if (answer > ANSWER_MAX || confidence > ANSWER_MAX) return dormant('too_large')
  if (updatedAt > now) return dormant('from_the_future')
  if (now - updatedAt > limits.maxAgeSeconds) return dormant('stale')
  if (confidence < 0n || confidence * BPS > answer * limits.maxConfidenceBps) return dormant('uncertain')
  const lowPrice = answer - 2n * confidence
  if (lowPrice <= 0n) return dormant('uncertain')
  if (accepted !== undefined && now - accepted.updatedAt < limits.forgetSeconds) {
    const distance = answer > accepted.answer ? answer - accepted.answer : accepted.answer - answer
    if (distance * BPS > accepted.answer * limits.maxDeviationBps) return dormant('deviates')
  }
  return { usable: true, price: answer, lowPrice, decimals: limits.decimals }
}

const dormant = (reason: DormantReason): PriceVerdict => ({ usable: false, reason })

function requireLimits(limits: PriceLimits): void {
  requireWhole('decimals', limits.decimals, 0, 18)
  requireWhole('maxAgeSeconds', limits.maxAgeSeconds, 1, 604_800)
  requireWhole('forgetSeconds', limits.forgetSeconds, 1, 0xffff_ffff)
  requireRange('maxDeviationBps', limits.maxDeviationBps, 1n, 1_000_000n)
  requireRange('maxConfidenceBps', limits.maxConfidenceBps, 0n, BPS)
}
