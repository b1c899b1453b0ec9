import { detectionPpb, meanPeriodsToDetectMilli } from '../possession/detection.ts'
import {
  createSet,
  type OpenPiece,
  PIECES,
  provePeriod,
  type StoredPiece,
  seededBytes,
} from './seeded-set.ts'

/** How often, and with what. */
export interface SimulationPlan {
  readonly seeds: number
  readonly firstSeed: number
  readonly challenges: number
}

/** Time to detection of one kind of operator, in periods, against the formula. */
export interface Detection {
  readonly operator: string
  readonly missingPercent: number
  readonly seeds: number
  /** Of the formula; 0 where it says never. */
  readonly expectedPeriods: number
  /** Measured: the mean, and the band that has the true one with 95 %. */
  readonly meanPeriods: number
  readonly band: readonly [low: number, high: number]
  readonly isWithinBand: boolean
  /** Found in the first ten periods: by the formula, and measured. */
  readonly expectedInTen: number
  readonly foundInTen: number
  /** Every run ended with a find. */
  readonly found: number
}

const cases = [
  { operator: 'deletes everything after proving', missing: 100 },
  { operator: 'keeps half', missing: 50 },
  { operator: 'keeps 80 %', missing: 20 },
  { operator: 'keeps 95 %', missing: 5 },
  { operator: 'keeps 99 %', missing: 1 },
  { operator: 'keeps the leaves and turns bits in 5 %', missing: 5, turns: true },
] as const

const MOST_PERIODS = 5_000

/** Deletes, or damages, pieces after the first period, and is asked until a period is not proven. */
export const measureDetection = async (plan: SimulationPlan): Promise<readonly Detection[]> => {
  const set = createSet('detection')
  const results: Detection[] = []
  for (const one of cases) {
    const periods: number[] = []
    for (let seed = plan.firstSeed; seed < plan.firstSeed + plan.seeds; seed++) {
      periods.push(await periodsUntilFound(set, plan, `${one.operator} ${seed}`, openerOf(set, one)))
    }
    results.push(compare(one, plan, periods))
  }
  return results
}

/** Which pieces are gone does not matter: challenges are drawn from all alike. */
const openerOf = (
  set: readonly StoredPiece[],
  { missing, ...one }: { readonly missing: number; readonly turns?: boolean },
): OpenPiece => {
  return (piece) => {
    const { data } = set[piece]!
    if (piece >= missing) return data
    return one.turns === true ? data.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) : undefined
  }
}

const periodsUntilFound = async (
  set: readonly StoredPiece[],
  { challenges }: SimulationPlan,
  name: string,
  open: OpenPiece,
): Promise<number> => {
  for (let period = 1; period < MOST_PERIODS; period++) {
    const beacon = seededBytes(`beacon ${name} ${period}`)
    if (!(await provePeriod(set, { beacon, challenges }, open))) return period
  }
  return MOST_PERIODS
}

const compare = (
  { operator, missing }: (typeof cases)[number],
  { seeds, challenges }: SimulationPlan,
  periods: readonly number[],
): Detection => {
  const of = { missing: BigInt(missing), total: BigInt(PIECES), challenges }
  const expectedPeriods = Number(meanPeriodsToDetectMilli(of) ?? 0n) / 1_000
  const meanPeriods = periods.reduce((sum, count) => sum + count, 0) / seeds
  // The formula's own spread: a geometric distribution's, so that the band does not depend on what was measured.
  const found = 1 / expectedPeriods
  const spread = (1.96 * Math.sqrt(1 - found)) / found / Math.sqrt(seeds)
  const band = [Math.max(1, meanPeriods - spread), meanPeriods + spread] as const
  return {
    operator,
    missingPercent: missing,
    seeds,
    expectedPeriods,
    meanPeriods,
    band,
    // The formula is told in thousandths, rounded up.
    isWithinBand: expectedPeriods >= band[0] - 0.001 && expectedPeriods <= band[1] + 0.001,
    expectedInTen: detectionPpb(of, 10) / 1e9,
    foundInTen: periods.filter((count) => count <= 10).length / seeds,
    found: periods.filter((count) => count < MOST_PERIODS).length,
  }
}
