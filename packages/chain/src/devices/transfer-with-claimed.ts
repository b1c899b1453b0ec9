import { deviceId, type NetworkId } from '@cairn/protocol'
import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { devicesAbi } from '../generated/devices.ts'

/** What {@link transferDevice} needs. */
export interface TransferDeviceArgs {
  readonly network: NetworkId
  readonly index: number
  readonly from: Address
  readonly to: Address
  readonly claimed: bigint
}

/** Transfers a device if exactly `claimed` was claimed for it so far; its owner sends it. */
export function transferDevice(
  deployment: Deployment,
  { network, index, from, to, claimed }: TransferDeviceArgs,
): Call {
  return encodeCall({
    contract: 'Devices',
    to: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'transferWithClaimed',
    args: [from, to, deviceId(network, index), claimed],
  })
}
