import type { Hex } from '@cairn/protocol'
import type { Deployment } from '../deployment.ts'

/** What both sides of a rail agree to put under proof (spec 10, Bundles). */
export interface StorageBundle {
  readonly rail: bigint
  /** The next piece of the rail's data set. */
  readonly piece: number
  readonly root: Hex
  readonly leaves: bigint
}

/** The EIP-712 domain of storage: of bundles, and of orders, which no contract reads. */
export function storageDomain({ chainId, addresses }: Deployment) {
  return {
    name: 'Cairn Storage',
    version: '1',
    chainId,
    verifyingContract: addresses.storageRails,
  } as const
}

/** The EIP-712 typed data of a bundle, for `account.signTypedData` of the payer or the rail's signer. */
export function bundleTypedData(deployment: Deployment, bundle: StorageBundle) {
  return {
    domain: storageDomain(deployment),
    types: {
      StorageBundle: [
        { name: 'rail', type: 'uint64' },
        { name: 'piece', type: 'uint32' },
        { name: 'root', type: 'bytes32' },
        { name: 'leaves', type: 'uint64' },
      ],
    },
    primaryType: 'StorageBundle',
    message: { ...bundle },
  } as const
}
