import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { creditsAbi } from '../generated/credits.ts'

/** What a payer has: credits, and the tokens they were bought with. */
export async function readCreditAccountOf(
  { client, deployment }: ChainReader,
  { network, payer }: { readonly network: NetworkId; readonly payer: Address },
): Promise<{ readonly credits: bigint; readonly tokens: bigint }> {
  return readContract(client, {
    address: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'accountOf',
    args: [network, payer],
  })
}
