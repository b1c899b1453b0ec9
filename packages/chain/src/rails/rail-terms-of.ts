import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { storageOffersAbi } from '../generated/storage-offers.ts'
import type { RailTerms } from './set-rail-terms.ts'

/**
 * The newest terms of a network's rails, and their version.
 *
 * @throws the contract's NoRailTerms where there are none
 */
export async function readRailTermsOf(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<{ readonly version: number; readonly terms: RailTerms }> {
  const [version, terms] = await readContract(client, {
    address: deployment.addresses.storageOffers,
    abi: storageOffersAbi,
    functionName: 'railTermsOf',
    args: [network],
  })
  return { version, terms }
}
