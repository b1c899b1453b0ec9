import { type ChainReader, readRailAccountOf, readRedeemedOf, type Submitter, settleRail } from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import type { LocalAccount } from 'viem'
import { getBlock } from 'viem/actions'
import type { FollowedRails } from './follow-rails.ts'
import { redemptionOf } from './redemption.ts'
import type { PayChain, SignedSum } from './storage-seam.ts'

/** Who sees to it: the account redeems vouchers of its own, or of the seller it signs for, and settles whatever rail it likes. */
export interface PayChainOptions {
  readonly account: LocalAccount
  readonly submitter: Submitter
  readonly rails: FollowedRails
  readonly signal?: AbortSignal
}

/** How an operator is paid, on a chain. */
export function createPayChain(
  reader: ChainReader,
  { account, submitter, rails, signal }: PayChainOptions,
): PayChain {
  const { client, deployment } = reader
  const sending = signal === undefined ? {} : { signal }
  const readRedeemed = (voucher: SignedSum) => readRedeemedOf(reader, voucher)

  return {
    async readNow() {
      const { timestamp } = await getBlock(client, { blockTag: 'latest' })
      return Number(timestamp)
    },
    readRedeemed,
    async redeem(signed) {
      const before = await readRedeemed(signed)
      const call = await redemptionOf(deployment, account, signed)
      // More than before, not all of it: a payer with less pays what it has.
      await submitter.submit(call, {
        ...sending,
        settled: async () => (await readRedeemed(signed)) > before,
      })
    },
    async readRailPay() {
      const followed = await rails.read()
      return Promise.all(
        followed.map(async ({ id, payer }) => {
          const { due, lastPeriod, period } = await readRailAccountOf(reader, { rail: id })
          const isOver = lastPeriod !== undefined && period > lastPeriod
          return { rail: id, payer: payer.toLowerCase() as Hex, due, isOver }
        }),
      )
    },
    async settle(rail) {
      const settled = async () => (await readRailAccountOf(reader, { rail })).due === 0n
      await submitter.submit(settleRail(deployment, { rail }), { ...sending, settled })
    },
  }
}
