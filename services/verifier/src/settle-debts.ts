import { epochAt, readPayableTo, settleDebt } from '@cairn/chain'
import type { NetworkSession } from '@cairn/recompute'
import { getAddress } from 'viem'

/**
 * Has the reserve pay what it owes the vault and this verifier, once an epoch: a limit on its outflow makes room only when an epoch ends.
 *
 * @param done epochs in which that was seen to; added to
 */
export async function settleDebts(session: NetworkSession, done: Set<number>): Promise<void> {
  const { history, reader, me, now, log } = session
  const { creation, timeline } = history
  const epoch = epochAt(timeline, now)
  if (creation === undefined || done.has(epoch)) return
  const { vault, reserve } = creation
  for (const to of [vault, getAddress(me)]) {
    const amount = await readPayableTo(reader, { reserve, to })
    if (amount === 0n) continue
    const isSettled = async () => (await readPayableTo(reader, { reserve, to })) === 0n
    const result = await session.send(settleDebt({ reserve, to }), isSettled)
    if (result === 'refused') return
    log.info({ to, amount }, 'the reserve pays what it owed')
  }
  done.clear()
  done.add(epoch)
}
