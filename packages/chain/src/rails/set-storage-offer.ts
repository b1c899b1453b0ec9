import type { NetworkId } from '@cairn/protocol'
import { type Address, stringToHex } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { storageOffersAbi } from '../generated/storage-offers.ts'
import type { ProvingTerms } from '../possession/create-data-set.ts'

/** What an operator offers with a device (spec 10, Rails). Prices are credits for 2⁴⁰ bytes. */
export interface StorageOffer {
  /** Of the operator's HTTP interface, 1 to 256 bytes. */
  readonly url: string
  /** ISO 3166-1, two capital letters. */
  readonly country: string
  /** For each proving period. */
  readonly storagePrice: bigint
  readonly egressPrice: bigint
  readonly capacityBytes: bigint
  readonly proving: ProvingTerms
  /** The agent's key, which may add agreed bundles and take on repairs; the zero address for none. */
  readonly delegate: Address
}

/** What {@link setStorageOffer} needs. */
export interface SetStorageOfferArgs {
  readonly network: NetworkId
  readonly device: number
  readonly offer: StorageOffer
}

/** By the device's owner: makes an offer in the place of the one before. Rails that are open keep their prices. */
export function setStorageOffer(
  deployment: Deployment,
  { network, device, offer }: SetStorageOfferArgs,
): Call {
  return encodeCall({
    contract: 'StorageOffers',
    to: deployment.addresses.storageOffers,
    abi: storageOffersAbi,
    functionName: 'setOffer',
    args: [network, device, { ...offer, country: stringToHex(offer.country) }],
  })
}
