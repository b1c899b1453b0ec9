/**
 * The one pure function from sealed evidence to reward trees and root (specs 4 and 5). Verifiers, watchers, `cairn audit` and browsers run it.
 *
 * @packageDocumentation
 */
export { type Answer, answerMove, type Question } from './dispute/answer-move.ts'
export {
  type ChallengerMove,
  challengerMoves,
  type GameView,
  type OpenDispute,
} from './dispute/challenger-moves.ts'
export type {
  Demand,
  Descent,
  Findings,
  PayoutLeafProof,
  Proof,
  VerdictEntryProof,
  WorkLeafProof,
} from './dispute/fault.ts'
export { createFaultFinder, type FaultFinder, type Suspicion } from './dispute/find-fault.ts'
export { type Forged, forgeSettled, type VerifierFault, verifierFaults } from './dispute/forge.ts'
export { decodeVerdictEntry, decodeWorkLeaf } from './dispute/leaf-codec.ts'
export type { NodeTree } from './dispute/node-tree.ts'
export { type Backing, type RootTrees, treesOf } from './dispute/root-trees.ts'
export { type Showing, type Shown, shownOf, type TreePlace } from './dispute/shown.ts'
export type { TreeName } from './dispute/tree-form.ts'
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
