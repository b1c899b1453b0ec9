import { type DeviceKey, deviceId, type NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { devicesAbi } from '../generated/devices.ts'
import { encodeDeviceKey, encodeP256Signature } from './encode-device.ts'

/** What {@link rotateDevice} needs. */
export interface RotateDeviceArgs {
  readonly network: NetworkId
  readonly index: number
  readonly key: DeviceKey
  /** The new key's, over `rotateDigestInput`. */
  readonly signature: Uint8Array
}

/** Gives a device another key from the next epoch on; its owner sends it. */
export function rotateDevice(
  deployment: Deployment,
  { network, index, key, signature }: RotateDeviceArgs,
): Call {
  return encodeCall({
    contract: 'Devices',
    to: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'rotate',
    args: [deviceId(network, index), encodeDeviceKey(key), encodeP256Signature(signature)],
  })
}
