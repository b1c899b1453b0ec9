import type { NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { devicesAbi } from '../generated/devices.ts'

/** Whether `count` is the number of devices in the snapshot of the epoch. */
export async function readIsDeviceCountAt(
  { client, deployment }: ChainReader,
  { network, epoch, count }: { readonly network: NetworkId; readonly epoch: number; readonly count: number },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'isDeviceCountAt',
    args: [network, epoch, count],
  })
}
