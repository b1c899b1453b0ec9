import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageOffersAbi } from '../generated/storage-offers.ts'

/** Whether an account is the device's owner, or the delegate of its offer. */
export async function readActsFor(
  { client, deployment }: ChainReader,
  args: { readonly network: NetworkId; readonly device: number; readonly account: Address },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.storageOffers,
    abi: storageOffersAbi,
    functionName: 'actsFor',
    args: [args.network, args.device, args.account],
  })
}
