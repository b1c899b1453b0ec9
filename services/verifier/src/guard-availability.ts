import { availabilityEnd, markUnavailable, type SlotEntry, sealEnd } from '@cairn/chain'
import type { NetworkSession } from '@cairn/recompute'

/**
 * Fetches and keeps the evidence of sealed epochs, and votes against commitments that nobody gives. The first half of the availability phase is left to those who publish.
 *
 * @param voted slots already voted on; added to
 * @returns how many commitments nobody gives
 */
export async function guardAvailability(session: NetworkSession, voted: Set<number>): Promise<number> {
  const { history, evidence, network, deployment, me, log } = session
  const { timeline } = history
  const missing = await evidence.fetchMissing(
    ({ epoch }) => session.now >= sealEnd(timeline, epoch),
    session.now,
  )
  for (const slot of missing) {
    if (!isToBeVoted(slot, session) || voted.has(slot.slot)) continue
    if (history.stakes.weightOf('verifier', me, slot.sealedIn) === 0n) continue
    const { epoch, ingest } = slot
    log.warn({ slot: slot.slot, epoch, ingest }, 'votes a commitment unavailable that nobody gives')
    await session.send(markUnavailable(deployment, { network, slot: slot.slot }))
    voted.add(slot.slot)
  }
  return missing.length
}

function isToBeVoted({ sealedIn }: SlotEntry, { history: { timeline }, now }: NetworkSession): boolean {
  const halfTime = sealEnd(timeline, sealedIn) + timeline.availabilitySeconds / 2
  return now >= halfTime && now < availabilityEnd(timeline, sealedIn)
}
