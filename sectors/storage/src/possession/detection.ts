import { PossessionError } from './possession-error.ts'

/** What is missing of a data set, and how often one looks. */
export interface DetectionCase {
  /** Leaves that the operator can not show. */
  readonly missing: bigint
  /** Leaves of the set. */
  readonly total: bigint
  /** Leaves asked for in each period, 1 and up. */
  readonly challenges: number
}

/** Certainty, in parts of a billion. */
export const CERTAIN_PPB = 1_000_000_000

const one = 1n << 128n

/**
 * The probability that `periods` proving periods find what is missing, in parts of a billion:
 * `1 − (1 − missing/total)^(challenges · periods)`, each leaf being drawn from all of them anew (spec 10). Rounded down, by
 * integers alone: never more than the truth, and less by no more than two parts in a billion.
 *
 * @throws PossessionError `no_detection_case`
 */
export const detectionPpb = (of: DetectionCase, periods: number): number => {
  const draws = requireCount('challenges', of.challenges, 1) * requireCount('periods', periods, 0)
  const missed = power(shareKept(of), BigInt(draws))
  return Number(((one - missed) * BigInt(CERTAIN_PPB)) / one)
}

/**
 * The least number of periods after which what is missing was found with a probability of `confidencePpb` parts of a
 * billion; undefined where nothing is missing, so that nothing is ever found.
 *
 * @throws PossessionError `no_detection_case`
 */
export const periodsToDetect = (of: DetectionCase, confidencePpb: number): number | undefined => {
  if (!Number.isSafeInteger(confidencePpb) || confidencePpb < 0 || confidencePpb >= CERTAIN_PPB) {
    throw noCase('confidencePpb', confidencePpb, `a whole number from 0 to ${CERTAIN_PPB - 1}`)
  }
  if (shareKept(of) === one) return confidencePpb === 0 ? 0 : undefined
  let high = 1
  while (detectionPpb(of, high) < confidencePpb) {
    if (high > Number.MAX_SAFE_INTEGER / (2 * of.challenges)) return undefined
    high *= 2
  }
  let low = 0
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (detectionPpb(of, middle) >= confidencePpb) high = middle
    else low = middle + 1
  }
  return low
}

/**
 * The mean number of periods until what is missing is found, in thousandths, rounded up; undefined where nothing is missing.
 *
 * @throws PossessionError `no_detection_case`
 */
export const meanPeriodsToDetectMilli = (of: DetectionCase): bigint | undefined => {
  const found = one - power(shareKept(of), BigInt(requireCount('challenges', of.challenges, 1)))
  return found === 0n ? undefined : (1_000n * one + found - 1n) / found
}

/** What is there, of 2^128; rounded up, so that what is computed from it finds too little. */
const shareKept = ({ missing, total }: DetectionCase): bigint => {
  if (total < 1n) throw noCase('total', total, 'a leaf or more')
  if (missing < 0n || missing > total) throw noCase('missing', missing, `0 to ${total} leaves`)
  return ((total - missing) * one + total - 1n) / total
}

/** `base^exponent` of a share of 2^128, by squaring; each product is rounded up. */
const power = (base: bigint, exponent: bigint): bigint => {
  let result = one
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square + one - 1n) / one
    square = (square * square + one - 1n) / one
  }
  return result
}

const requireCount = (field: string, value: number, least: number): number => {
  if (!Number.isSafeInteger(value) || value < least)
    throw noCase(field, value, `a whole number from ${least} on`)
  return value
}

const noCase = (field: string, value: number | bigint, expected: string): PossessionError =>
  new PossessionError({
    code: 'no_detection_case',
    message: `The odds of finding missing leaves were asked for with ${field} ${value}; expected ${expected}.`,
    fix: 'Give leaves that are missing, leaves in all, and how many are asked for in how many periods.',
    field,
    value: String(value),
  })
