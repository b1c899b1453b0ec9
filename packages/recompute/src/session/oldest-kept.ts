import { epochAt } from '@cairn/chain'
import type { NetworkSession } from './network-session.ts'

/**
 * The first epoch whose evidence has to be kept: the last `retentionEpochs`, and everything that no final root covers yet. A network that
 * stood still for longer than its retention still needs the evidence it stopped with.
 */
export function oldestKept(
  {
    history,
    now,
  }: {
    readonly history: Pick<NetworkSession['history'], 'timeline' | 'roots' | 'slots'>
    readonly now: number
  },
  retentionEpochs: number,
): number {
  const settled = history.roots.standing.findLast(({ state }) => state === 'final')?.root.evidenceEnd ?? 0
  const unsettled = history.slots.list.slice(settled).map(({ epoch }) => epoch)
  return Math.max(0, Math.min(epochAt(history.timeline, now) - retentionEpochs, ...unsettled))
}
