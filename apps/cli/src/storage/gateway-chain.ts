import { readDataSet, readRail, removeBundles, removePieces } from '@cairn/chain'
import { toHex } from '@cairn/protocol'
import { privateKeyToAccount } from 'viem/accounts'
import { call } from 'viem/actions'
import { submitterFor } from '../account.ts'
import { followCustomerRails, type StorageNetwork } from './customer-rails.ts'
import { followSetHistories } from './follow-set-histories.ts'
import { refusalOf } from './refusal-of.ts'
import { createSigningCustomer } from './signing-customer.ts'
import { readStandingPiece } from './standing-piece.ts'
import type { GatewayChain } from './storage-seam.ts'

/** Pieces that one call removes at most. */
const MOST_REMOVED = 100

/**
 * The chain that a customer's gateway works with.
 *
 * @param signerSecret the gateway's signing key, 32 bytes
 */
export function createGatewayChain(open: StorageNetwork, signerSecret: Uint8Array): GatewayChain {
  const account = privateKeyToAccount(toHex(signerSecret))
  const signing = createSigningCustomer(open, open.file.network, account)
  const submitter = submitterFor(open.client, account)
  return {
    ...signing,
    readRails: followCustomerRails(open, signing.customer),
    readHistories: followSetHistories(open),
    async readNextPiece(rail) {
      const { set } = await readRail(open, { rail })
      return (await readDataSet(open, { set })).pieces
    },
    async readPiece(rail, piece) {
      const { set } = await readRail(open, { rail })
      return readStandingPiece(open, set, piece)
    },
    async schedulePieceRemovals(rail, pieces) {
      await submitter.submit(removeBundles(open.deployment, { rail, pieces }))
    },
    async removeDuePieces(rail) {
      const { set } = await readRail(open, { rail })
      const { pendingRemovals } = await readDataSet(open, { set })
      if (pendingRemovals === 0) return
      const removing = removePieces(open.deployment, { set, most: MOST_REMOVED })
      // Refused late in a period; and in the one in which they were scheduled it would remove none.
      if ((await refusalOf(open.client, removing, account.address)) !== undefined) return
      const { data = '0x0' } = await call(open.client, { ...removing, account })
      if (BigInt(data) > 0n) await submitter.submit(removing)
    },
  }
}
