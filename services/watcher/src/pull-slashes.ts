import { collect, readRecordOf, resolve } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { NetworkSession } from '@cairn/recompute'

/**
 * Slashes those who attested removed roots, and takes the winner's third where that is us. Anybody may slash; the watcher does, for nobody else has to.
 *
 * @param done roots and attesters that are through; added to
 */
export async function pullSlashes(session: NetworkSession, done: Set<string>): Promise<void> {
  const { history, deployment, log } = session
  for (const { rootId, state, attestations } of history.roots.all) {
    if (state !== 'removed' || done.has(rootId)) continue
    let left = 0
    for (const { verifier } of attestations) {
      const key = `${rootId}/${verifier}`
      if (done.has(key)) continue
      if (history.stakes.slashableOf('verifier', verifier) > 0n) {
        left += 1
        const result = await session.send(resolve(deployment, { rootId, verifier }))
        if (result === 'mined') log.info({ root: rootId, verifier }, 'slashed who attested a false root')
      }
      done.add(key)
    }
    if (left === 0) await collectOwn(session, rootId, done)
  }
}

async function collectOwn(session: NetworkSession, rootId: Hex, done: Set<string>): Promise<void> {
  const { history, reader, deployment, now, me, log } = session
  const record = await readRecordOf(reader, { rootId })
  const usableAt = Number(record.finalisableAt)
  if (record.winner.toLowerCase() !== me) {
    // An earlier challenge may still win it, until the window is over.
    if (now >= usableAt && record.openChallenges === 0) done.add(rootId)
    return
  }
  if (now < usableAt || record.openChallenges > 0) return
  // One that was long ago was collected by an earlier run.
  const isRecent = now < usableAt + 2 * history.timeline.challengeSeconds
  if (isRecent && (await session.send(collect(deployment, { rootId }))) === 'refused') return
  if (isRecent) log.info({ root: rootId }, 'collected its part of what was slashed')
  done.add(rootId)
}
