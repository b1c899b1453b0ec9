import {
  CERTAIN_PPB,
  detectionPpb,
  meanPeriodsToDetectMilli,
  periodsToDetect,
} from '../possession/detection.ts'

/** What the odds are asked of. */
export interface OddsCase {
  /** Leaves that the operator can not show, and those of the set. */
  readonly missing: bigint
  readonly total: bigint
  /** Leaves asked for in each period, 1 to 64. */
  readonly challenges: number
  readonly periodSeconds: number
}

/** How soon possession proofs find what is missing (spec 10, Detection). */
export interface Odds extends OddsCase {
  /** Mean time to the first find: thousandths of a period, and seconds; undefined where nothing is missing. */
  readonly meanPeriodsMilli: bigint | undefined
  readonly meanSeconds: bigint | undefined
  /** The probability, in parts of a billion, that so many days find it; one period at least. */
  readonly within: readonly { readonly days: number; readonly periods: number; readonly ppb: number }[]
  /** After how many periods it was found with a probability of so many parts of a billion; undefined for never. */
  readonly until: readonly {
    readonly ppb: number
    readonly periods: number | undefined
    readonly seconds: number | undefined
  }[]
}

const daysAsked = [1, 7, 30, 90, 365]
const certaintiesAsked = [500_000_000, 900_000_000, 990_000_000, 999_000_000]

/**
 * The odds of finding what is missing, by integers alone.
 *
 * @throws PossessionError `no_detection_case`
 */
export const deriveOdds = (of: OddsCase): Odds => {
  const meanPeriodsMilli = meanPeriodsToDetectMilli(of)
  return {
    ...of,
    meanPeriodsMilli,
    meanSeconds:
      meanPeriodsMilli === undefined ? undefined : (meanPeriodsMilli * BigInt(of.periodSeconds)) / 1_000n,
    within: daysAsked.map((days) => {
      const periods = Math.max(1, Math.floor((days * 86_400) / of.periodSeconds))
      return { days, periods, ppb: detectionPpb(of, periods) }
    }),
    until: certaintiesAsked.map((ppb) => {
      const periods = periodsToDetect(of, Math.min(ppb, CERTAIN_PPB - 1))
      return { ppb, periods, seconds: periods === undefined ? undefined : periods * of.periodSeconds }
    }),
  }
}
