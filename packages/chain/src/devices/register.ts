import type { DeviceKey, Hex, NetworkId } from '@cairn/protocol'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { devicesAbi } from '../generated/devices.ts'
import { encodeDeviceKey, encodeP256Signature } from './encode-device.ts'

/** What {@link registerDevice} needs. */
export interface RegisterDeviceArgs {
  readonly network: NetworkId
  readonly deviceClass: number
  readonly key: DeviceKey
  /** The device's, over `onboardDigestInput`, 64 bytes, low s. */
  readonly signature: Uint8Array
  /** The maker's, 65 bytes, where the class asks for one. */
  readonly makerSignature?: Hex
}

/** Registers a device; the sender becomes its owner. It counts from the next epoch on. */
export function registerDevice(
  deployment: Deployment,
  { network, deviceClass, key, signature, makerSignature = '0x' }: RegisterDeviceArgs,
): Call {
  return encodeCall({
    contract: 'Devices',
    to: deployment.addresses.devices,
    abi: devicesAbi,
    functionName: 'register',
    args: [network, deviceClass, encodeDeviceKey(key), encodeP256Signature(signature), makerSignature],
  })
}
