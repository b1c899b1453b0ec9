import type { NetworkId } from '@cairn/protocol'
import { type Address, hexToString } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageOffersAbi } from '../generated/storage-offers.ts'
import type { StorageOffer } from './set-storage-offer.ts'

/** An offer as it stands. */
export interface StandingStorageOffer extends StorageOffer {
  /** Who made it: the device's owner. */
  readonly owner: Address
  /** A closed one makes no rails; its delegate goes on. */
  readonly open: boolean
}

/**
 * The offer of a device.
 *
 * @throws the contract's NoOffer where there is none, or where it was made by an owner before
 */
export async function readStorageOfferOf(
  { client, deployment }: ChainReader,
  { network, device }: { readonly network: NetworkId; readonly device: number },
): Promise<StandingStorageOffer> {
  const { owner, open, offer } = await readContract(client, {
    address: deployment.addresses.storageOffers,
    abi: storageOffersAbi,
    functionName: 'offerOf',
    args: [network, device],
  })
  return { ...offer, country: hexToString(offer.country), owner, open }
}
