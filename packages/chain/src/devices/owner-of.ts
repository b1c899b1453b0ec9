import { deviceId, type NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { devicesAbi } from '../generated/devices.ts'

/** The device's owner, who is paid; reverts for a device that does not exist. */
export async function readDeviceOwner(
  { client, deployment }: ChainReader,
  { network, index }: { readonly network: NetworkId; readonly index: number },
): Promise<Address> {
  return readContract(client, {
    address: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'ownerOf',
    args: [deviceId(network, index)],
  })
}
