import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { paymentsAbi } from '../generated/payments.ts'
import type { Redemption } from './voucher.ts'

/** By the seller: what both meters say is paid, less what was paid before. */
export function redeemVoucher(deployment: Deployment, { voucher, signature, metered }: Redemption): Call {
  return encodeCall({
    contract: 'Payments',
    to: deployment.addresses.payments,
    abi: paymentsAbi,
    functionName: 'redeem',
    args: [voucher, signature, metered],
  })
}

/** Up to 200 vouchers of one network and seller; what can not be redeemed is passed over. */
export function redeemVouchers(
  deployment: Deployment,
  { network, redemptions }: { readonly network: NetworkId; readonly redemptions: readonly Redemption[] },
): Call {
  return encodeCall({
    contract: 'Payments',
    to: deployment.addresses.payments,
    abi: paymentsAbi,
    functionName: 'redeemBatch',
    args: [network, redemptions],
  })
}
