import { deviceId, type NetworkId } from '@cairn/protocol'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { devicesAbi } from '../generated/devices.ts'

/** What was claimed for the device so far. */
export async function readClaimedOf(
  { client, deployment }: ChainReader,
  { network, index }: { readonly network: NetworkId; readonly index: number },
): Promise<bigint> {
  return readContract(client, {
    address: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'claimedOf',
    args: [deviceId(network, index)],
  })
}
