import { type DeviceKey, fromHex, type Hex } from '@cairn/protocol'
import type { Undo } from './undo.ts'

/** A device as a snapshot has it. */
export interface DeviceAt {
  readonly key: DeviceKey
  readonly deviceClass: number
  readonly revoked: boolean
}

/** All devices of a network at all times, 64 + 10 bytes each; the 1 000 000th is added as fast as the first. */
export interface DeviceHistory {
  /** Devices there are now. */
  readonly count: number
  registered(event: { index: number; class: number; x: Hex; y: Hex; fromEpoch: number }): Undo
  rotated(event: { index: number; x: Hex; y: Hex; fromEpoch: number }): Undo
  revoked(event: { index: number; fromEpoch: number }): Undo
  /** Devices whose fromEpoch is at most `epoch`. */
  countAt(epoch: number): number
  /** The device as of `epoch`; undefined when it did not count yet. */
  at(index: number, epoch: number): DeviceAt | undefined
}

const keyBytes = 64
const never = 0xffff_ffff

/** Makes a history without devices. */
export function createDeviceHistory(): DeviceHistory {
  let count = 0
  let keys = new Uint8Array(0)
  let classes = new Uint16Array(0)
  let fromEpochs = new Uint32Array(0)
  let revokedFrom = new Uint32Array(0)
  /** By index, in order of time; the key a device was registered with is not among them. */
  const rotations = new Map<number, { fromEpoch: number; key: Uint8Array }[]>()

  const grow = () => {
    if (count < classes.length) return
    const capacity = Math.max(64, classes.length * 2)
    keys = enlarge(keys, new Uint8Array(capacity * keyBytes))
    classes = enlarge(classes, new Uint16Array(capacity))
    fromEpochs = enlarge(fromEpochs, new Uint32Array(capacity))
    revokedFrom = enlarge(revokedFrom, new Uint32Array(capacity))
  }
  const keyAt = (index: number, epoch: number): DeviceKey => {
    const newest = rotations.get(index)?.findLast(({ fromEpoch }) => fromEpoch <= epoch)
    // A copy: the buffer is replaced when it grows, and nobody should be able to write into it.
    const key = newest?.key ?? keys.slice(index * keyBytes, (index + 1) * keyBytes)
    return { x: key.subarray(0, 32), y: key.subarray(32, 64) }
  }

  return {
    get count() {
      return count
    },
    registered({ index, class: deviceClass, x, y, fromEpoch }) {
      if (index !== count) throw new RangeError(`Device ${index} was registered where ${count} was expected.`)
      grow()
      keys.set(fromHex(x), index * keyBytes)
      keys.set(fromHex(y), index * keyBytes + 32)
      classes[index] = deviceClass
      fromEpochs[index] = fromEpoch
      revokedFrom[index] = never
      count += 1
      return () => {
        count -= 1
      }
    },
    rotated({ index, x, y, fromEpoch }) {
      const key = new Uint8Array(keyBytes)
      key.set(fromHex(x))
      key.set(fromHex(y), 32)
      const list = rotations.get(index) ?? []
      rotations.set(index, list)
      list.push({ fromEpoch, key })
      return () => {
        list.pop()
        if (list.length === 0) rotations.delete(index)
      }
    },
    revoked({ index, fromEpoch }) {
      const before = revokedFrom[index] ?? never
      revokedFrom[index] = fromEpoch
      return () => {
        revokedFrom[index] = before
      }
    },
    countAt(epoch) {
      let low = 0
      let high = count
      while (low < high) {
        const middle = (low + high) >>> 1
        if (fromEpochs[middle]! <= epoch) low = middle + 1
        else high = middle
      }
      return low
    },
    at(index, epoch) {
      if (!Number.isInteger(index) || index < 0 || index >= count || fromEpochs[index]! > epoch)
        return undefined
      return {
        key: keyAt(index, epoch),
        deviceClass: classes[index]!,
        revoked: revokedFrom[index]! <= epoch,
      }
    },
  }
}

function enlarge<T extends Uint8Array | Uint16Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}
