/**
 * The watcher: recomputes every proposed root, challenges false ones, and holds ingests to their receipts.
 *
 * @packageDocumentation
 */
export { createWatcher, type Watcher, type WatcherOptions } from './create-watcher.ts'
