import { EXP_NEG_MAX, expNeg } from '../arithmetic/exp-neg.ts'
import { EPOCH_MAX, Q128, TOTAL_MAX } from '../arithmetic/units.ts'
import { requireRange, requireWhole } from '../economics-error.ts'
import type { Schedule } from './schedule.ts'

export interface SimpleMinting {
  /** What the curve tends to, in the token's smallest unit: 1 to 2^96 − 1. */
  readonly asymptote: bigint
  /** Decay per epoch, λ = ln 2 / (epochs of a half-life), in Q.128: 2^64 to 2^127. */
  readonly lambda: bigint
}

/** ln 2 in Q.128. */
const LN_2 = 235_865_763_225_513_294_137_944_142_764_154_484_399n

/**
 * The λ of a half-life: `⌊ln 2 / epochs⌋` in Q.128.
 *
 * @param epochs of a half-life, 2 to 2^32 − 1
 * @throws EconomicsError for another number
 */
export function halfLifeRate(epochs: number): bigint {
  requireWhole('halfLife', epochs, 2, EPOCH_MAX)
  return LN_2 / BigInt(epochs)
}

/**
 * Continuous exponential decay as Filecoin's simple minting has it: `cumulative(e) = ⌊asymptote · (1 − e^−λe)⌋`, with e^−x by {@link expNeg}.
 *
 * Where λe passes 5 the curve stands still, so `total` is 99.3 % of the asymptote.
 *
 * @throws EconomicsError for parameters out of bounds
 */
export function simpleMinting({ asymptote, lambda }: SimpleMinting): Schedule {
  requireRange('asymptote', asymptote, 1n, TOTAL_MAX)
  requireRange('lambda', lambda, 1n << 64n, 1n << 127n)
  const lastMoving = EXP_NEG_MAX / lambda
  const at = (epoch: bigint): bigint => (asymptote * (Q128 - expNeg(lambda * epoch))) >> 128n
  const total = at(lastMoving)
  return {
    total,
    cumulative: (epoch) => (BigInt(epoch) >= lastMoving ? total : at(BigInt(epoch))),
  }
}
