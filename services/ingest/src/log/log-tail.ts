import { parseGroups } from '@cairn/protocol'

/** "CRNG", with which a record begins (spec 3). */
const magic = [0x43, 0x52, 0x4e, 0x47] as const
const headBytes = 20
const crcBytes = 4

/**
 * What the bytes behind the last whole record are: `torn`, a write that the machine did not finish and nobody was told of,
 * or `damaged`, records that were durable once.
 *
 * A record is written only when the one before is durable. So a torn write is one record, cut short or with pages of
 * zeros, and nothing follows it.
 *
 * @param tail from the end of the last whole record to the end of the file
 * @param expected the epoch of the log, and the index at which the next record would begin
 */
export function judgeTail(
  tail: Uint8Array,
  expected: { readonly epoch: number; readonly first: number },
): 'torn' | 'damaged' {
  if (tail.length === 0) return 'torn'
  const isRecord = startsWithMagic(tail, 0)
  if (isRecord && tail.length >= headBytes) {
    const end = headBytes + readU32(tail, 16) + crcBytes
    if (end < tail.length && !isZero(tail, end)) return 'damaged'
  }
  const isUnwritten = tail.subarray(0, magic.length).every((byte, i) => byte === 0 || byte === magic[i])
  if (!isUnwritten) return 'damaged'
  return hasRecordBehind(tail, expected) ? 'damaged' : 'torn'
}

/**
 * Whether whole records of this epoch reach from somewhere in the tail exactly to its end: then it is the head in front of
 * them that is damaged. Reports may hold bytes that look like a record; none can choose where a torn write ends.
 */
function hasRecordBehind(tail: Uint8Array, expected: { readonly epoch: number; readonly first: number }) {
  for (let at = 1; at + headBytes + crcBytes <= tail.length; at++) {
    if (!startsWithMagic(tail, at)) continue
    if (readU32(tail, at + 4) !== expected.epoch || readU32(tail, at + 8) <= expected.first) continue
    const rest = tail.subarray(at)
    try {
      if (parseGroups(rest).validBytes === rest.length) return true
    } catch {
      return true
    }
  }
  return false
}

const startsWithMagic = (bytes: Uint8Array, at: number): boolean =>
  bytes[at] === magic[0] &&
  bytes[at + 1] === magic[1] &&
  bytes[at + 2] === magic[2] &&
  bytes[at + 3] === magic[3]

const isZero = (bytes: Uint8Array, from: number): boolean => {
  for (let i = from; i < bytes.length; i++) if (bytes[i] !== 0) return false
  return true
}

const readU32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
