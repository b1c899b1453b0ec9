import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageRailsAbi } from '../generated/storage-rails.ts'
import type { RailQuote } from './quote-rail.ts'

/** What a rail of so many leaves would cost, by the device's offer and the network's newest terms. */
export async function readOfferQuote(
  { client, deployment }: ChainReader,
  args: { readonly network: NetworkId; readonly device: number; readonly leaves: bigint },
): Promise<RailQuote> {
  const [perPeriod, needed] = await readContract(client, {
    address: deployment.addresses.storageRails,
    abi: storageRailsAbi,
    functionName: 'quoteOffer',
    args: [args.network, args.device, args.leaves],
  })
  return { perPeriod, needed }
}
