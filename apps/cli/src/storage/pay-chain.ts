import {
  type ChainReader,
  readRailAccountOf,
  readRedeemedOf,
  redeemVoucher,
  type Submitter,
  settleRail,
  type Voucher,
} from '@cairn/chain'
import type { Hex } from '@cairn/protocol'
import { getBlock } from 'viem/actions'
import type { FollowedRails } from './follow-rails.ts'
import type { PayChain, SignedSum } from './storage-seam.ts'

/** Who is paid: the account redeems its own vouchers, and settles whatever rail it likes. */
export interface PayChainOptions {
  readonly submitter: Submitter
  readonly rails: FollowedRails
  readonly signal?: AbortSignal
}

/** How an operator is paid, on a chain. */
export function createPayChain(reader: ChainReader, { submitter, rails, signal }: PayChainOptions): PayChain {
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
      const { sum, signature } = signed
      const call = redeemVoucher(deployment, { voucher: voucherOf(signed), signature, metered: sum })
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

const voucherOf = ({ sum: cumulative, signature: _, ...voucher }: SignedSum): Voucher => ({
  ...voucher,
  cumulative,
})
