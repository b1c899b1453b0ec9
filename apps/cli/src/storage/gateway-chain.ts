import { readDataSet, readRail } from '@cairn/chain'
import { toHex } from '@cairn/protocol'
import { privateKeyToAccount } from 'viem/accounts'
import { followCustomerRails, type StorageNetwork } from './customer-rails.ts'
import { createSigningCustomer } from './signing-customer.ts'
import { readStandingPiece } from './standing-piece.ts'
import type { GatewayChain } from './storage-seam.ts'

/**
 * The chain that a customer's gateway works with.
 *
 * @param signerSecret the gateway's signing key, 32 bytes
 */
export function createGatewayChain(open: StorageNetwork, signerSecret: Uint8Array): GatewayChain {
  const signing = createSigningCustomer(open, open.file.network, privateKeyToAccount(toHex(signerSecret)))
  return {
    ...signing,
    readRails: followCustomerRails(open, signing.customer),
    async readNextPiece(rail) {
      const { set } = await readRail(open, { rail })
      return (await readDataSet(open, { set })).pieces
    },
    async readPiece(rail, piece) {
      const { set } = await readRail(open, { rail })
      return readStandingPiece(open, set, piece)
    },
  }
}
