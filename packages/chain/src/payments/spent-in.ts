import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { creditsAbi } from '../generated/credits.ts'

/** What payers spent while an epoch was open: credits, and the tokens that were burned and paid to sellers for them. */
export async function readSpentIn(
  { client, deployment }: ChainReader,
  { network, epoch }: { readonly network: NetworkId; readonly epoch: number },
): Promise<{ readonly credits: bigint; readonly burned: bigint; readonly paid: bigint }> {
  return readContract(client, {
    address: deployment.addresses.credits,
    abi: creditsAbi,
    functionName: 'spentIn',
    args: [network, epoch],
  })
}
