import type { NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** Whether the maker is approved for the class. */
export async function readIsMaker(
  { client, deployment }: ChainReader,
  {
    network,
    deviceClass,
    maker,
  }: { readonly network: NetworkId; readonly deviceClass: number; readonly maker: Address },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'isMaker',
    args: [network, deviceClass, maker],
  })
}
