import type { Hex } from '@cairn/protocol'
import type { NetworkSession } from './network-session.ts'

/**
 * Deletes the states of roots below the newest final one: nothing builds on them any more.
 *
 * @param done roots whose state is gone; added to
 */
export async function pruneStates({ history, states }: NetworkSession, done: Set<Hex>): Promise<void> {
  const { standing } = history.roots
  const newest = standing.findLastIndex(({ state }) => state === 'final')
  for (const { rootId } of standing.slice(0, Math.max(0, newest))) {
    if (!done.has(rootId)) await states.delete(rootId)
    done.add(rootId)
  }
}
