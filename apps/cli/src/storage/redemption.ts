import {
  type Call,
  type Deployment,
  meterTypedData,
  redeemFor,
  redeemVoucher,
  type Voucher,
} from '@cairn/chain'
import type { LocalAccount } from 'viem'
import type { SignedSum } from './storage-seam.ts'

/** The meter over what a voucher says, signed by the account: the seller, or who it named. */
export async function signMeter(
  deployment: Deployment,
  account: LocalAccount,
  voucher: SignedSum,
): Promise<SignedSum> {
  const { signature: _, sum, ...rest } = voucher
  const typed = meterTypedData(deployment, { ...rest, metered: sum })
  return { ...voucher, signature: await account.signTypedData(typed) }
}

/** Has a voucher paid to its seller: by the seller itself, or with a meter that the account signs for it. */
export async function redemptionOf(
  deployment: Deployment,
  account: LocalAccount,
  signed: SignedSum,
): Promise<Call> {
  const { sum, signature, ...rest } = signed
  const voucher: Voucher = { ...rest, cumulative: sum }
  if (signed.seller.toLowerCase() === account.address.toLowerCase())
    return redeemVoucher(deployment, { voucher, signature, metered: sum })
  const { signature: sellerSignature } = await signMeter(deployment, account, signed)
  return redeemFor(deployment, {
    voucher,
    payerSignature: signature,
    meter: { ...rest, metered: sum },
    sellerSignature,
  })
}
