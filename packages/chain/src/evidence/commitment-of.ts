import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** The first slot of the ingest's commitment for the epoch; undefined when it made none. */
export async function readCommitmentOf(
  { client, deployment }: ChainReader,
  {
    network,
    epoch,
    ingest,
  }: { readonly network: NetworkId; readonly epoch: number; readonly ingest: Address },
): Promise<number | undefined> {
  const answer = await readContract(client, {
    address: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'commitmentOf',
    args: [network, epoch, ingest],
  })
  return answer === 0 ? undefined : answer - 1
}
