import { attestEnd, availabilityEnd, type NetworkHistory, type RootEntry } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import { GENESIS } from '@cairn/settlement'

/** A root still to be voted for: the one after `parent` that ends with the epoch `last`. */
export interface Candidate {
  readonly parent: Hex
  readonly last: number
}

const MAX_SLOTS = 256

/**
 * Votes a verifier has yet to cast, oldest epoch first.
 *
 * An epoch is worth a root when there is a slot to cover; that root covers all epochs since the last one. Where an epoch missed its quorum, a later one is voted for beside it, so that
 * verifiers who were apart for a while come together again.
 *
 * @param me lower case
 * @param now Unix seconds of block time
 */
export function candidates(history: NetworkHistory, me: Hex, now: number): Candidate[] {
  const { timeline, roots, stakes } = history
  const isOpen = (epoch: number) =>
    availabilityEnd(timeline, epoch) <= now && now < attestEnd(timeline, epoch)
  const mayVote = (epoch: number) => isOpen(epoch) && stakes.weightOf('verifier', me, epoch) > 0n
  const found: Candidate[] = []
  // A root that was accepted without us is still open for votes: whoever agrees shares pay and blame.
  for (const { state, root } of roots.standing) {
    if (state === 'challengeable' && mayVote(root.last) && !hasVoted(history, me, root.parent, root.last))
      found.push({ parent: root.parent, last: root.last })
  }
  const head = roots.head
  const parent = head?.rootId ?? GENESIS.rootId
  for (const epoch of openEpochs(history, now)) {
    if (epoch <= (head?.root.last ?? -1) || !mayVote(epoch) || hasVoted(history, me, parent, epoch)) continue
    if (hasWork(history, head, epoch)) found.push({ parent, last: epoch })
  }
  return found
}

/** Epochs that may be attested now, ascending. */
function openEpochs({ timeline }: NetworkHistory, now: number): number[] {
  const { epochSeconds } = timeline
  const sinceFirstOpen = now - availabilityEnd(timeline, 0)
  const newest = Math.floor(sinceFirstOpen / epochSeconds)
  const oldest = Math.max(0, Math.floor((now - attestEnd(timeline, 0)) / epochSeconds) + 1)
  return newest < oldest ? [] : Array.from({ length: newest - oldest + 1 }, (_, i) => oldest + i)
}

function hasWork({ slots }: NetworkHistory, head: RootEntry | undefined, last: number): boolean {
  const start = head?.root.evidenceEnd ?? 0
  const { end, set } = slots.evidenceSet(start, last)
  return set !== 0n || end - start === MAX_SLOTS
}

function hasVoted({ roots }: NetworkHistory, me: Hex, parent: Hex, last: number): boolean {
  return roots.all.some(
    ({ root, attestations }) =>
      root.parent === parent &&
      root.last === last &&
      attestations.some(({ verifier }) => verifier.toLowerCase() === me),
  )
}
