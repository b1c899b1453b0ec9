import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** By the payer or the rail's signer: schedules bundles to be removed. */
export function removeBundles(
  deployment: Deployment,
  { rail, pieces }: { readonly rail: bigint; readonly pieces: readonly number[] },
): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'removePieces',
    args: [rail, [...pieces]],
  })
}
