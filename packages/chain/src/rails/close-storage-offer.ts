import type { NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageOffersAbi } from '../generated/storage-offers.ts'

/** By the device's owner: no rail is opened by the offer from now on. */
export function closeStorageOffer(
  deployment: Deployment,
  { network, device }: { readonly network: NetworkId; readonly device: number },
): Call {
  return encodeCall({
    contract: 'StorageOffers',
    to: deployment.addresses.storageOffers,
    abi: storageOffersAbi,
    functionName: 'closeOffer',
    args: [network, device],
  })
}
