import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** By the device's owner or delegate: takes on the repair of a lost rail. */
export function succeedRail(
  deployment: Deployment,
  { lost, device }: { readonly lost: bigint; readonly device: number },
): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'succeed',
    args: [lost, device],
  })
}
