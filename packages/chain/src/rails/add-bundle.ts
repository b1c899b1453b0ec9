import type { Hex } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'
import type { StorageBundle } from './bundle.ts'

/** What {@link addBundle} needs. */
export interface AddBundleArgs {
  readonly bundle: StorageBundle
  /** Of the payer or the rail's signer, over {@link bundleTypedData}. */
  readonly signature: Hex
}

/** By the device's owner or its delegate: puts a bundle that both agreed on under proof. */
export function addBundle(deployment: Deployment, { bundle, signature }: AddBundleArgs): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'addBundle',
    args: [bundle.rail, bundle.root, bundle.leaves, signature],
  })
}
