import fc from 'fast-check'
import { toHex } from '../hex.ts'
import { parseNetworkId } from '../identity.ts'
import type { ReportFields } from './build-report.ts'

const u32 = fc.oneof(fc.nat({ max: 0xffff_ffff }), fc.constantFrom(0, 1, 0xffff_ffff))

/** Any fields a device may choose. */
export const reportFields: fc.Arbitrary<ReportFields> = fc.record({
  network: fc.uint8Array({ minLength: 28, maxLength: 28 }).map((bytes) => parseNetworkId(toHex(bytes))),
  device: u32,
  epoch: u32,
  sequence: u32,
  timeMs: fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER)),
})

/** Bodies of sizes on both sides of every width of a CBOR head, within the limits of a report. */
export const observationLists: fc.Arbitrary<Uint8Array[]> = fc.oneof(
  fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }),
  fc.array(
    fc.constantFrom(0, 1, 23, 24, 255, 256, 1024).map((length) => new Uint8Array(length).fill(length)),
    { maxLength: 12 },
  ),
  fc
    .constantFrom(0, 1, 23, 24, 255, 256, 1024)
    .map((count) => Array.from({ length: count }, (_, i) => Uint8Array.of(i & 0xff))),
)

/** Bytes of a signature's length with low s; nothing in the codec looks at more. */
export const signatures: fc.Arbitrary<Uint8Array> = fc
  .uint8Array({ minLength: 64, maxLength: 64 })
  .map((bytes) => bytes.map((byte, i) => (i === 32 ? byte & 0x7e : byte)))
