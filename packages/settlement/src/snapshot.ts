import type { DeviceKey, Hex } from '@cairn/protocol'

/** The registry as one epoch sees it (spec 1). */
export interface Snapshot {
  readonly epoch: number
  readonly deviceCount: number
  /** undefined for an index at or above `deviceCount`. */
  device(
    index: number,
  ): { readonly key: DeviceKey; readonly deviceClass: number; readonly revoked: boolean } | undefined
  /** Report hashes that governance has quarantined by this epoch. */
  readonly quarantined: ReadonlySet<Hex>
}

/** A snapshot laid out flat, so that threads share it without copying: 64 bytes of key a device. */
export interface SnapshotTable {
  readonly deviceCount: number
  readonly keys: Uint8Array
  readonly classes: Uint16Array
  readonly revoked: Uint8Array
  readonly quarantined: ReadonlySet<Hex>
}

/** Memory that threads can share where the engine allows it. */
export function allocate(bytes: number): ArrayBufferLike {
  return typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes)
}

export function tableOf(snapshot: Snapshot): SnapshotTable {
  const { deviceCount } = snapshot
  const keys = new Uint8Array(allocate(64 * deviceCount))
  const classes = new Uint16Array(allocate(2 * deviceCount))
  const revoked = new Uint8Array(allocate(deviceCount))
  for (let index = 0; index < deviceCount; index++) {
    const device = snapshot.device(index)
    if (device === undefined)
      throw new Error(`the snapshot of epoch ${snapshot.epoch} has no device ${index} of ${deviceCount}`)
    keys.set(device.key.x, 64 * index)
    keys.set(device.key.y, 64 * index + 32)
    classes[index] = device.deviceClass
    revoked[index] = device.revoked ? 1 : 0
  }
  return { deviceCount, keys, classes, revoked, quarantined: snapshot.quarantined }
}
