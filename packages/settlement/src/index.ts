/**
 * The one pure function from sealed evidence to reward trees and root (specs 4 and 5). Verifiers, watchers, `cairn audit` and browsers run it.
 *
 * @packageDocumentation
 */
export { type Executor, inlineExecutor, runTask, type Task } from './executor.ts'
export { workOf } from './hash-verdicts.ts'
export { INVALID, type Job, type Rows } from './job.ts'
export { type JudgeResult, SectorError, type VerdictText } from './judge-partitions.ts'
export { derivePayout, derivePots, type Pots } from './payouts.ts'
export { type Settled, type SettleOptions, settle, UncommittedEvidenceError } from './settle.ts'
export {
  type EpochInput,
  GENESIS,
  type Means,
  type SettledState,
  type SettleInput,
  type SlotEvidence,
} from './settle-input.ts'
export type { Snapshot } from './snapshot.ts'
