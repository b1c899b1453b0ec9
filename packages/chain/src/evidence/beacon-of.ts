import type { Hex, NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** The epoch's beacon; undefined while nobody captured it. */
export async function readBeaconOf(
  { client, deployment }: ChainReader,
  { network, epoch }: { readonly network: NetworkId; readonly epoch: number },
): Promise<Hex | undefined> {
  const answer = await readContract(client, {
    address: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'beaconOf',
    args: [network, epoch],
  })
  return BigInt(answer) === 0n ? undefined : answer
}
