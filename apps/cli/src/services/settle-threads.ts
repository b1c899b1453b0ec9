import { type ThreadExecutor, threadExecutor } from '@cairn/recompute'

/** Threads that settle with the sectors of this program. */
export function settleThreads(threads: number): ThreadExecutor {
  return threadExecutor(new URL('../settle-thread/main.ts', import.meta.url), threads)
}
