/**
 * From chain history and published segments to settled roots: what verifier, watcher and audit share.
 *
 * @packageDocumentation
 */
export { chainView } from './chain-view.ts'
export { type Commitment, openSegment, requireCommitted, SegmentError } from './commitment.ts'
export { deriveInput, HistoryError, slotsCovered } from './derive-input.ts'
export { type EvidenceSources, type FetchBytes, fetchEvidence, UnavailableError } from './fetch-evidence.ts'
export { type DrandSource, fetchRound, RoundError } from './fetch-round.ts'
export { httpFetch } from './http-fetch.ts'
export type { NetworkView, SlotView } from './network-view.ts'
export { createRecomputer, type Recomputer, type RecomputerOptions, RootDiffersError } from './recomputer.ts'
export {
  type ProposedRules,
  proposedView,
  type Replay,
  ReplayError,
  type ReplayedDevice,
  type ReplayedRoot,
  type RootMoney,
  replayRoots,
} from './replay.ts'
export { serveTasks } from './serve-tasks.ts'
export { answerDisputes } from './session/answer-disputes.ts'
export { captureBeacons, evmnetSource } from './session/capture-beacons.ts'
export type { EvidenceMirror } from './session/evidence-mirror.ts'
export { finaliseRoots } from './session/finalise-roots.ts'
export { createLanes, type Lane, type Lanes, runLanes } from './session/lanes.ts'
export {
  createNetworkSession,
  type NetworkSession,
  type SendResult,
  type SessionOptions,
} from './session/network-session.ts'
export { oldestKept } from './session/oldest-kept.ts'
export { pruneStates } from './session/prune-states.ts'
export { createSettledRoots, type SettledRoots } from './session/settled-roots.ts'
export { type Health, type StatusServer, startStatusServer } from './session/status-server.ts'
export { fileStateStore, memoryStateStore, type StateStore } from './state-file.ts'
export {
  createStatementBook,
  type StatementBook,
  type StatementBookOptions,
} from './statement/statement-book.ts'
export {
  recoverStatementSigner,
  type SignedStatement,
  type StatementDocument,
  signStatement,
  statementText,
} from './statement/statement-document.ts'
export { fileStatementStore, type StatementStore } from './statement/statement-store.ts'
export { type ThreadExecutor, threadExecutor } from './thread-executor.ts'
