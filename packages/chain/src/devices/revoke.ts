import { deviceId, type NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { devicesAbi } from '../generated/devices.ts'

/** What {@link revokeDevice} needs. */
export interface RevokeDeviceArgs {
  readonly network: NetworkId
  readonly index: number
}

/** Ends a device for good from the next epoch on; its owner sends it. */
export function revokeDevice(deployment: Deployment, { network, index }: RevokeDeviceArgs): Call {
  return encodeCall({
    contract: 'Devices',
    to: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'revoke',
    args: [deviceId(network, index)],
  })
}
