import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** The network's reserve, which holds what is still to be emitted. */
export async function readReserveOf(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<Address> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'reserveOf',
    args: [network],
  })
}
