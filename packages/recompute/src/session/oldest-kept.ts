import type { NetworkSession } from './network-session.ts'

/**
 * The first epoch whose evidence has to be kept: the last `retentionEpochs` that have any, and everything that no final root covers yet. The
 * clock has no part in it: a network that stood still, however long, still has the evidence it stopped with.
 */
export function oldestKept(
  { roots, slots }: Pick<NetworkSession['history'], 'roots' | 'slots'>,
  retentionEpochs: number,
): number {
  const settled = roots.standing.findLast(({ state }) => state === 'final')?.root.evidenceEnd ?? 0
  const kept = new Set<number>()
  let oldest = Number.POSITIVE_INFINITY
  for (const { slot, epoch } of slots.list.toReversed()) {
    kept.add(epoch)
    if (kept.size > retentionEpochs && slot < settled) break
    // A commitment that was put off stands in a later slot than younger ones.
    oldest = Math.min(oldest, epoch)
  }
  return kept.size > retentionEpochs ? oldest : 0
}
