import { BPS } from '../arithmetic/units.ts'

/** By which score a fault costs which share of a bond (spec 6, Operator bonds): below the first score nothing, from each on its share. */
export interface FaultLadder {
  /** Rising. */
  readonly scores: readonly number[]
  /** Never falling, at most 10 000. */
  readonly bps: readonly number[]
}

/**
 * What so many roots in a row with one fault each take of a bond, in basis points of the whole, rounded down: each takes its step's share of what the ones
 * before have left.
 */
export function ladderBps({ scores, bps }: FaultLadder, roots: number): number {
  let left = BPS * BPS
  for (let score = 1; score <= roots && left > 0n; score += 1) {
    const step = scores.findLastIndex((least) => least <= score)
    left -= (left * BigInt(bps[step] ?? 0)) / BPS
    // From the last step on, what little is left counts as lost no more.
    if (left < BPS) break
  }
  return Number((BPS * BPS - left) / BPS)
}
