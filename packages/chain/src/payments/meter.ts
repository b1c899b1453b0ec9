import type { Hex } from '@cairn/protocol'
import type { Deployment } from '../deployment.ts'
import type { Voucher } from './voucher.ts'

/** What a seller's own meter says: service worth `metered` credits to a payer, all told (spec 8). */
export interface Meter extends Pick<Voucher, 'network' | 'payer' | 'seller' | 'program' | 'expiresAt'> {
  /** Millionths of a dollar. */
  readonly metered: bigint
}

/** A voucher and a meter, each with the signature of its side: what anybody can redeem for the seller. */
export interface TwoSidedReceipt {
  readonly voucher: Voucher
  readonly payerSignature: Hex
  readonly meter: Meter
  readonly sellerSignature: Hex
}

/** The EIP-712 typed data of a meter, for `account.signTypedData` of the seller. */
export function meterTypedData({ chainId, addresses }: Deployment, meter: Meter) {
  return {
    domain: { name: 'Cairn', version: '1', chainId, verifyingContract: addresses.payments },
    types: {
      Meter: [
        { name: 'network', type: 'bytes28' },
        { name: 'payer', type: 'address' },
        { name: 'seller', type: 'address' },
        { name: 'program', type: 'uint8' },
        { name: 'metered', type: 'uint128' },
        { name: 'expiresAt', type: 'uint64' },
      ],
    },
    primaryType: 'Meter',
    message: { ...meter },
  } as const
}
