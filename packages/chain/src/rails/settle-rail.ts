import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** From anybody: pays the device's owner what is earned, not held back and not paid yet. */
export function settleRail(deployment: Deployment, { rail }: { readonly rail: bigint }): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'settle',
    args: [rail],
  })
}
