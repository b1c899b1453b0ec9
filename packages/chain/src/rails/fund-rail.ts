import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** By the payer: locks credits of its account in the rail. */
export function fundRail(
  deployment: Deployment,
  { rail, credits }: { readonly rail: bigint; readonly credits: bigint },
): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'fund',
    args: [rail, credits],
  })
}
