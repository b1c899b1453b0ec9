import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** Ends a repair that is not proven in time, or that its operator gives up; another may take it on. */
export function failRepair(deployment: Deployment, { rail }: { readonly rail: bigint }): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'failRepair',
    args: [rail],
  })
}
