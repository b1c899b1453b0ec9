import { buildReport, type DeviceKey, type NetworkId } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'

/** What a test decides about a report. */
export interface TestReportFields {
  readonly epoch: number
  readonly sequence: number
  readonly timeMs: number
}

/** A device of a test, with a real P-256 key. */
export interface TestDevice {
  readonly index: number
  readonly deviceClass: number
  readonly key: DeviceKey
  /** A signed report as it goes over the wire. */
  report(fields: TestReportFields, observations: readonly Uint8Array[]): Uint8Array
}

/** Makes `count` devices of a network, with fresh keys. */
export function createTestDevices(network: NetworkId, count: number): TestDevice[] {
  return Array.from({ length: count }, (_, index) => {
    const signer = deviceSigner(generateDevicePrivateKey())
    return {
      index,
      deviceClass: 0,
      key: signer.key,
      report: (fields, observations) =>
        buildReport({ network, device: index, ...fields }, observations, signer.sign).bytes,
    }
  })
}
