import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** Who governs the network's rulesets, makers and quarantine. */
export async function readNetworkOwner(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<Address> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'ownerOf',
    args: [network],
  })
}
