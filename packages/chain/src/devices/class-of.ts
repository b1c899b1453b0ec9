import { deviceId, type NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { devicesAbi } from '../generated/devices.ts'

/** The device's class. */
export async function readClassOf(
  { client, deployment }: ChainReader,
  { network, index }: { readonly network: NetworkId; readonly index: number },
): Promise<number> {
  return readContract(client, {
    address: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'classOf',
    args: [deviceId(network, index)],
  })
}
