import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'
import type { Timeline } from '../timeline.ts'

/** The network's clock, in seconds of block time. */
export async function readTimelineOf(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<Timeline> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'timelineOf',
    args: [network],
  })
}
