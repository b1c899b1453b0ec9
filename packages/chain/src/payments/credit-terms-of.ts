import type { NetworkId } from '@cairn/protocol'
import { zeroAddress } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { creditsAbi } from '../generated/credits.ts'
import type { CreditTerms } from './set-credit-terms.ts'

/** How a network sells credits; undefined for one that does not. */
export async function readCreditTermsOf(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<CreditTerms | undefined> {
  const terms = await readContract(client, {
    address: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'termsOf',
    args: [network],
  })
  return terms.price.feed === zeroAddress ? undefined : terms
}
