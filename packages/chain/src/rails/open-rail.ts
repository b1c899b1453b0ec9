import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'

/** What {@link openRail} needs. */
export interface OpenRailArgs {
  readonly network: NetworkId
  readonly device: number
  /** Signs bundles and orders for the payer; the zero address for the payer itself. */
  readonly signer: Address
  readonly mostStoragePrice: bigint
  readonly mostEgressPrice: bigint
  /** Of the payer's account, to lock in the rail. */
  readonly credits: bigint
}

/** By the payer: opens a rail to a device at its offer's prices, with an empty data set. */
export function openRail(deployment: Deployment, args: OpenRailArgs): Call {
  return encodeCall({
    contract: 'StorageRails',
    to: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'open',
    args: [args.network, args.device, args.signer, args.mostStoragePrice, args.mostEgressPrice, args.credits],
  })
}
