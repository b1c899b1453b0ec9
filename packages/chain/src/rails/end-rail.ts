import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** By the payer or the device's owner: ends the rail after its notice; by the owner at once where its credits do not cover that. */
export function endRail(deployment: Deployment, { rail }: { readonly rail: bigint }): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'end',
    args: [rail],
  })
}
