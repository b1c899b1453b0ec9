import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { paymentsAbi } from '../generated/payments.ts'
import type { TwoSidedReceipt } from './meter.ts'

/** By anybody: the seller is paid what both sides signed, less what was paid before. */
export function redeemFor(
  deployment: Deployment,
  { voucher, payerSignature, meter, sellerSignature }: TwoSidedReceipt,
): Call {
  return encodeCall({
    contract: 'Payments',
    to: deployment.addresses.payments,
    abi: paymentsAbi,
    functionName: 'redeemFor',
    args: [voucher, payerSignature, meter, sellerSignature],
  })
}
