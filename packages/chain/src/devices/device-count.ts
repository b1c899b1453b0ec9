import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { devicesAbi } from '../generated/devices.ts'

/** How many devices the network has now. */
export async function readDeviceCount(
  { client, deployment }: ChainReader,
  { network }: { readonly network: NetworkId },
): Promise<number> {
  return readContract(client, {
    address: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'deviceCount',
    args: [network],
  })
}
