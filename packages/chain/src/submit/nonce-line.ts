import type { Address, Client, LocalAccount } from 'viem'
import { getTransactionCount } from 'viem/actions'
import { type Sent, sendSigned } from './send-signed.ts'

/** Hands out an account's nonces, one sender at a time. */
export interface NonceLine {
  /** Runs `send` with the next nonce while nobody else has a turn. When it throws, the nonce stays free. */
  enter(send: (nonce: number) => Promise<Sent>): Promise<Sent>
  /** The transaction of this nonce is no longer on its way. */
  leave(nonce: number): void
  /**
   * Fills nonces below `nonce` that neither the chain nor anybody here has a transaction for, with transfers of nothing to oneself. A chain
   * that lost its last blocks leaves such gaps, and what stands behind one waits for ever.
   *
   * @returns the nonces that were filled
   */
  fillGaps(account: LocalAccount, nonce: number): Promise<number[]>
}

/** What a transfer costs. */
const transferGas = 21_000n

/** Makes the line of an account. */
export function createNonceLine(client: Client, address: Address): NonceLine {
  const onTheirWay = new Set<number>()
  let turn: Promise<unknown> = Promise.resolve()
  const alone = <T>(task: () => Promise<T>): Promise<T> => {
    const next = turn.then(task, task)
    turn = next.catch(() => {})
    return next
  }
  const countOf = (blockTag: 'pending' | 'latest') => getTransactionCount(client, { address, blockTag })

  return {
    leave: (nonce) => void onTheirWay.delete(nonce),
    enter: (send) =>
      alone(async () => {
        let nonce = await countOf('pending')
        while (onTheirWay.has(nonce)) nonce += 1
        onTheirWay.add(nonce)
        try {
          return await send(nonce)
        } catch (error) {
          onTheirWay.delete(nonce)
          throw error
        }
      }),
    async fillGaps(account, nonce) {
      // Not the pending count: some endpoints count past a gap.
      if ((await countOf('latest')) >= nonce) return []
      return alone(async () => {
        const filled: number[] = []
        for (let gap = await countOf('latest'); gap < nonce; gap += 1) {
          if (onTheirWay.has(gap)) continue
          const transaction = { name: 'nothing', to: account.address, data: '0x' } as const
          // Where another program of this account has one waiting, this bids no higher and is refused, which is right.
          await sendSigned(client, {
            account,
            transaction,
            value: 0n,
            nonce: gap,
            gas: transferGas,
            nowMs: 0,
          })
          filled.push(gap)
        }
        return filled
      })
    },
  }
}
