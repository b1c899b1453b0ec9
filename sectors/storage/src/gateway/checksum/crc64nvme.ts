/** CRC-64/NVME, bits reversed (NVM Express NVM Command Set 1.0d, section 5.2.1.3.4); as two halves, since 64-bit integers are slow here. */
const polynomialHigh = 0x9a6c9329
const polynomialLow = 0xac4bc9b5

/** What a byte does to the register, its low and high half; eight tables, so that a step takes eight bytes. */
const lowTable = new Uint32Array(8 * 256)
const highTable = new Uint32Array(8 * 256)
for (let byte = 0; byte < 256; byte++) {
  let [high, low] = [0, byte]
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = low & 1
    low = ((low >>> 1) | (high << 31)) ^ (isOdd ? polynomialLow : 0)
    high = (high >>> 1) ^ (isOdd ? polynomialHigh : 0)
  }
  lowTable[byte] = low
  highTable[byte] = high
}
for (let i = 256; i < lowTable.length; i++) {
  const [low, high] = [lowTable[i - 256]!, highTable[i - 256]!]
  lowTable[i] = ((low >>> 8) | (high << 24)) ^ lowTable[low & 0xff]!
  highTable[i] = (high >>> 8) ^ highTable[low & 0xff]!
}

/** A CRC-64/NVME of bytes that come one piece after the other. */
export interface Crc64Nvme {
  update(bytes: Uint8Array): void
  digest(): bigint
}

/** Begins a CRC-64/NVME of nothing. Check value of `123456789`: ae8b14860a799888. */
export function createCrc64Nvme(): Crc64Nvme {
  let high = 0xffff_ffff
  let low = 0xffff_ffff
  return {
    update(bytes) {
      let i = 0
      for (const stepsEnd = bytes.length - (bytes.length % 8); i < stepsEnd; i += 8) {
        const a = (low ^ bytes[i]!) & 0xff
        const b = ((low >>> 8) ^ bytes[i + 1]!) & 0xff
        const c = ((low >>> 16) ^ bytes[i + 2]!) & 0xff
        const d = ((low >>> 24) ^ bytes[i + 3]!) & 0xff
        const e = (high ^ bytes[i + 4]!) & 0xff
        const f = ((high >>> 8) ^ bytes[i + 5]!) & 0xff
        const g = ((high >>> 16) ^ bytes[i + 6]!) & 0xff
        const h = ((high >>> 24) ^ bytes[i + 7]!) & 0xff
        low =
          lowTable[1792 + a]! ^
          lowTable[1536 + b]! ^
          lowTable[1280 + c]! ^
          lowTable[1024 + d]! ^
          lowTable[768 + e]! ^
          lowTable[512 + f]! ^
          lowTable[256 + g]! ^
          lowTable[h]!
        high =
          highTable[1792 + a]! ^
          highTable[1536 + b]! ^
          highTable[1280 + c]! ^
          highTable[1024 + d]! ^
          highTable[768 + e]! ^
          highTable[512 + f]! ^
          highTable[256 + g]! ^
          highTable[h]!
      }
      for (; i < bytes.length; i++) {
        const entry = (low ^ bytes[i]!) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ lowTable[entry]!
        high = (high >>> 8) ^ highTable[entry]!
      }
    },
    digest: () => (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0),
  }
}
