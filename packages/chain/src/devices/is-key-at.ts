import type { DeviceKey, NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { devicesAbi } from '../generated/devices.ts'
import { encodeDeviceKey } from './encode-device.ts'

/** Whether the key is the device's in the snapshot of the epoch, and the device was not revoked then. */
export async function readIsKeyAt(
  { client, deployment }: ChainReader,
  {
    network,
    index,
    epoch,
    key,
  }: { readonly network: NetworkId; readonly index: number; readonly epoch: number; readonly key: DeviceKey },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'isKeyAt',
    args: [network, index, epoch, encodeDeviceKey(key)],
  })
}
