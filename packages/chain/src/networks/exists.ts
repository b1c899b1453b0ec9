import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** Whether there is a network of that id. */
export async function readNetworkExists(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'exists',
    args: [network],
  })
}
