import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** From anybody: ends a rail that missed too many periods in a row, and opens it for repair. */
export function loseRail(deployment: Deployment, { rail }: { readonly rail: bigint }): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'lose',
    args: [rail],
  })
}
