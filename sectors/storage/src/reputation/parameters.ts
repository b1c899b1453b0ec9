import { ReputationError } from './record.ts'

/** Shares, weights and scores are in millionths. */
export const ONE = 1_000_000n

/** `possession`: periods proven. `integrity`: bytes that were right. `retrieval`: reads served in time. `uptime`: requests answered at all. */
export type Dimension = 'possession' | 'integrity' | 'retrieval' | 'uptime'

/** The least of shares; one where there is none. */
export const leastOf = (shares: readonly bigint[]): bigint =>
  [...shares, ONE].sort((a, b) => Number(a - b))[0]!

/** In the order in which they are told. */
export const DIMENSIONS: readonly Dimension[] = ['possession', 'integrity', 'retrieval', 'uptime']

/** From which score on an operator is given all placements it could have, and up to which none; in between in proportion. */
export interface Thresholds {
  readonly none: bigint
  readonly full: bigint
}

/** How records become a score. Whoever places rows chooses; the same parameters and records give the same score. */
export interface ReputationParameters {
  /** Of what one payer's periods weigh, this is kept at each new one: the memory is 1 / (1 − it) periods. */
  readonly keepPeriods: bigint
  /** The same for audits and reads of one payer. */
  readonly keepAnswers: bigint
  /** What one audit or read weighs. */
  readonly answerWeight: bigint
  /** How many of a payer count, for each dimension and day. */
  readonly answersADay: number
  /** What a payer's audits and reads weigh is kept from one day to the next, so that what is old fades. */
  readonly keepADay: bigint
  /** Good record that everybody begins with: in what one payer's periods say, and in what all payers say together. */
  readonly priorPeriods: bigint
  readonly priorAnswers: bigint
  /** Leaves under proof with which a payer has a full voice; with fewer it has a part. */
  readonly fullVoiceLeaves: bigint
  /** What a slow read weighs of one that was not served. */
  readonly slowShare: bigint
  /** An audit fails when it was not answered so often in a row, over at least so many seconds. */
  readonly containmentTries: number
  readonly containmentSeconds: number
  readonly thresholds: Readonly<Record<Dimension, Thresholds>>
  /** A new operator has all its share after so many days with a proven period, and so many days. */
  readonly vettingProofs: number
  readonly vettingDays: number
  /** What it has at first. */
  readonly vettingShare: bigint
}

/**
 * With these, what one payer says of an operator costs it at most a quarter of a score, for no score of answers has fewer
 * than three times as much good in it as one payer can say against it; and an outage of a day costs it nothing.
 */
export const defaultReputationParameters: ReputationParameters = {
  keepPeriods: 950_000n,
  keepAnswers: 900_000n,
  answerWeight: 250_000n,
  answersADay: 4,
  keepADay: 980_000n,
  priorPeriods: 10n * ONE,
  priorAnswers: 30n * ONE,
  fullVoiceLeaves: 1n << 25n,
  slowShare: 500_000n,
  containmentTries: 3,
  containmentSeconds: 21_600,
  thresholds: {
    possession: { none: 700_000n, full: 950_000n },
    integrity: { none: 700_000n, full: 950_000n },
    retrieval: { none: 600_000n, full: 900_000n },
    uptime: { none: 600_000n, full: 900_000n },
  },
  vettingProofs: 20,
  vettingDays: 21,
  vettingShare: 50_000n,
}

/** Returns them. @throws ReputationError `bad_parameters` */
export const requireParameters = (parameters: ReputationParameters): ReputationParameters => {
  const below = (field: string, value: bigint) => require(field, value, value >= 0n && value < ONE, 'below 1')
  const upTo = (field: string, value: bigint) => require(field, value, value >= 0n && value <= ONE, '0 to 1')
  const some = (field: string, value: bigint | number) => require(field, value, value >= 1, '1 or more')
  below('keepPeriods', parameters.keepPeriods)
  below('keepAnswers', parameters.keepAnswers)
  upTo('keepADay', parameters.keepADay)
  upTo('answerWeight', parameters.answerWeight)
  upTo('slowShare', parameters.slowShare)
  upTo('vettingShare', parameters.vettingShare)
  some('priorPeriods', parameters.priorPeriods)
  some('priorAnswers', parameters.priorAnswers)
  some('fullVoiceLeaves', parameters.fullVoiceLeaves)
  some('answersADay', parameters.answersADay)
  some('containmentTries', parameters.containmentTries)
  some('vettingProofs', parameters.vettingProofs)
  some('vettingDays', parameters.vettingDays)
  for (const dimension of DIMENSIONS) {
    const { none, full } = parameters.thresholds[dimension]
    require(`thresholds.${dimension}.full`, full, none >= 0n &&
      none < full &&
      full <= ONE, 'above none, up to 1')
  }
  return parameters
}

const require = (field: string, value: bigint | number, isRight: boolean, expected: string): void => {
  if (isRight) return
  throw new ReputationError({
    code: 'bad_parameters',
    message: `The parameter ${field} of a reputation is ${value}; expected ${expected} (shares are in millionths).`,
    fix: 'Correct it, or leave it out.',
    field,
    value: String(value),
  })
}
