import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { evidenceAbi } from '../generated/evidence.ts'

/** How many slots the network has. */
export async function readSlotCount(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<number> {
  return readContract(client, {
    address: deployment.addresses.evidence,
    abi: evidenceAbi,
    functionName: 'slotCount',
    args: [network],
  })
}
