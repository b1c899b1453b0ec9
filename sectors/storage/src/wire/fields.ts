/** Reads fields one after the other, big-endian. What is too short is given to `refuse`, which throws. */
export interface FieldReader {
  u8(): number
  u32(): number
  u64(): bigint
  /** A u64 that has to be a safe integer, as sizes and times are. */
  safe64(): number
  /** A copy. */
  bytes(length: number): Uint8Array
  /** Bytes that were not read. */
  left(): number
  /** Refuses bytes behind the last field. */
  end(): void
}

/** @param refuse throws, with the reason */
export const readFields = (bytes: Uint8Array, refuse: (why: string) => never): FieldReader => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let place = 0
  const take = (length: number): number => {
    if (place + length > bytes.length) {
      refuse(`They end at byte ${bytes.length}, inside a field of ${length} bytes from ${place}.`)
    }
    const from = place
    place += length
    return from
  }
  return {
    u8: () => view.getUint8(take(1)),
    u32: () => view.getUint32(take(4)),
    u64: () => view.getBigUint64(take(8)),
    safe64: () => {
      const value = view.getBigUint64(take(8))
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) refuse(`The number ${value} is 2^53 or more.`)
      return Number(value)
    },
    bytes: (length) => {
      const from = take(length)
      return new Uint8Array(bytes.subarray(from, from + length))
    },
    left: () => bytes.length - place,
    end: () => {
      if (place !== bytes.length) refuse(`${bytes.length - place} bytes follow the last field.`)
    },
  }
}

/** Four bytes, big-endian. @throws RangeError for what is no u32 */
export const u32Bytes = (value: number): Uint8Array => {
  if (value >>> 0 !== value) throw new RangeError(`${value} is no u32. Correct the caller.`)
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)
}

/** Eight bytes, big-endian. @throws RangeError for what is no u64 */
export const u64Bytes = (value: bigint | number): Uint8Array => {
  const wide = BigInt(value)
  if (wide < 0n || wide >= 1n << 64n) throw new RangeError(`${value} is no u64. Correct the caller.`)
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, wide)
  return bytes
}

/** A word of 32 bytes, big-endian. @throws RangeError for what is no uint256 */
export const wordBytes = (value: bigint | number): Uint8Array => {
  const wide = BigInt(value)
  if (wide < 0n || wide >= 1n << 256n) throw new RangeError(`${value} is no uint256. Correct the caller.`)
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 4; i++) view.setBigUint64(8 * i, BigInt.asUintN(64, wide >> BigInt(192 - 64 * i)))
  return bytes
}
