import { type Detection, measureDetection, type SimulationPlan } from './measure-detection.ts'
import { measureStandings, type Standing } from './measure-reputation.ts'
import { measureUnseen, type Unseen } from './measure-unseen.ts'

/** What honest and dishonest operators come to. The same plan gives the same numbers. */
export interface StorageSimulation {
  readonly plan: SimulationPlan
  readonly detections: readonly Detection[]
  readonly unseen: readonly Unseen[]
  readonly standings: readonly Standing[]
}

/** Scores are derived for many days of each seed: four of them show what there is. */
const MOST_STANDING_SEEDS = 4

/** Real trees, challenges, proofs, codes, placement and scores over seeded beacons; latency, power and lines are models, and named so. */
export const simulateStorage = async (plan: SimulationPlan): Promise<StorageSimulation> => ({
  plan,
  detections: await measureDetection(plan),
  unseen: await measureUnseen(plan),
  standings: measureStandings(Math.min(MOST_STANDING_SEEDS, plan.seeds), plan.firstSeed),
})
