import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { networksAbi } from '../generated/networks.ts'

/** Whether registrations of the class need a maker's signature. */
export async function readMakerRequired(
  { client, deployment }: ChainReader,
  { network, deviceClass }: { readonly network: NetworkId; readonly deviceClass: number },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.networks,
    abi: networksAbi,
    functionName: 'makerRequired',
    args: [network, deviceClass],
  })
}
