import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** From anybody: adds the next pieces of the lost rail to its successor, at most 128. */
export function copyPieces(
  deployment: Deployment,
  { rail, most }: { readonly rail: bigint; readonly most: number },
): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'copyPieces',
    args: [rail, most],
  })
}
