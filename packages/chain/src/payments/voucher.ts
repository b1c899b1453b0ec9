import type { Hex, NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import type { Deployment } from '../deployment.ts'

/** What a payer acknowledges: service worth `cumulative` credits from a seller, all told (spec 8). */
export interface Voucher {
  readonly network: NetworkId
  readonly payer: Address
  readonly seller: Address
  /** 0 to 3. */
  readonly program: number
  /** Millionths of a dollar. */
  readonly cumulative: bigint
  /** Unix seconds. */
  readonly expiresAt: bigint
}

/** A voucher, its signature, and what the seller's own meter says, all told. */
export interface Redemption {
  readonly voucher: Voucher
  readonly signature: Hex
  readonly metered: bigint
}

/** The EIP-712 typed data of a voucher, for `account.signTypedData` of the payer or of its signer. */
export function voucherTypedData({ chainId, addresses }: Deployment, voucher: Voucher) {
  return {
    domain: { name: 'Cairn', version: '1', chainId, verifyingContract: addresses.payments },
    types: {
      Voucher: [
        { name: 'network', type: 'bytes28' },
        { name: 'payer', type: 'address' },
        { name: 'seller', type: 'address' },
        { name: 'program', type: 'uint8' },
        { name: 'cumulative', type: 'uint128' },
        { name: 'expiresAt', type: 'uint64' },
      ],
    },
    primaryType: 'Voucher',
    message: { ...voucher },
  } as const
}
