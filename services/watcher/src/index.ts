/**
 * The watcher: recomputes every proposed root, challenges false ones, and holds ingests to their receipts and operators to their possession proofs.
 *
 * @packageDocumentation
 */
export {
  type ChallengedRoot,
  type ChallengeRootOptions,
  challengeRoot,
  type RootOutcome,
  UnknownRootError,
} from './challenge-root.ts'
export { createWatcher, type Watcher, type WatcherOptions } from './create-watcher.ts'
