import { type Hex, type NetworkId, parseNetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** The id that a network of this creator and salt has or would have. */
export async function readIdOf(
  { client, deployment }: ChainReader,
  { creator, salt }: { readonly creator: Address; readonly salt: Hex },
): Promise<NetworkId> {
  const answer = await readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'idOf',
    args: [creator, salt],
  })
  return parseNetworkId(answer)
}
