import { attestEnd, type RootEntry, readLiabilitiesOf, resolve, tally } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { NetworkSession } from '@cairn/recompute'
import { getAddress } from 'viem'

/**
 * Collects the verifier's part of final roots, and lets go of those that can come to nothing any more, so that its bond can leave one day.
 *
 * @param done roots that need no more; added to
 */
export async function resolveOwn(session: NetworkSession, done: Set<Hex>): Promise<void> {
  const { history, reader, network, deployment, me } = session
  const decided = history.roots.all.filter((entry) => !done.has(entry.rootId) && isDecided(session, entry))
  if (decided.length === 0) return
  const holder = getAddress(me)
  // After a restart most of them were resolved long ago.
  if ((await readLiabilitiesOf(reader, { network, role: 'verifier', holder })) === 0) {
    for (const { rootId } of decided) done.add(rootId)
    return
  }
  for (const { rootId, state } of decided) {
    const result = await session.send(resolve(deployment, { rootId, verifier: holder }))
    if (result !== 'refused' || state === 'final') done.add(rootId)
  }
}

/** Not a removed one: who helped to make it has nothing to gain by the slash. */
function isDecided(
  { history, me, now }: NetworkSession,
  { rootId, root, state, attestations }: RootEntry,
): boolean {
  if (!attestations.some(({ verifier }) => verifier.toLowerCase() === me)) return false
  if (state === 'final') return true
  if (state === 'attesting') return now >= attestEnd(history.timeline, root.last)
  if (state !== 'challengeable') return false
  const { timeline, roots } = history
  const isDead = !roots.standing.some((standing) => standing.rootId === rootId)
  return isDead && now >= attestEnd(timeline, root.last) + timeline.challengeSeconds
}

/** Has a root counted again whose voters are two thirds of what is left after a slash. */
export async function tallyAgain({ history, deployment, send, now }: NetworkSession): Promise<void> {
  const { roots, stakes, timeline } = history
  const parent = roots.head?.rootId ?? `0x${'00'.repeat(32)}`
  for (const { rootId, root, state, attestations } of roots.all) {
    if (state !== 'attesting' || root.parent !== parent || now >= attestEnd(timeline, root.last)) continue
    const votes = attestations.reduce(
      (sum, { verifier }) => sum + stakes.weightOf('verifier', verifier, root.last),
      0n,
    )
    if (votes > 0n && 3n * votes >= 2n * stakes.totalWeight('verifier', root.last))
      await send(tally(deployment, { rootId }))
  }
}
