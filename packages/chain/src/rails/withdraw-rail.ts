import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** From anybody, or the payer where it is lost: what a rail that is over does not owe goes back to the payer's account. */
export function withdrawRail(deployment: Deployment, { rail }: { readonly rail: bigint }): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'withdraw',
    args: [rail],
  })
}
