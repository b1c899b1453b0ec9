import { toHex } from '@cairn/protocol'
import fc from 'fast-check'
import type { BundleRow } from '../bundle/bundle-list.ts'
import { MAX_ROW_BYTES, SLAB_KINDS, type SlabDescriptor } from './slab-descriptor.ts'
import type { StorageOrder } from './storage-order.ts'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const safe = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, Number.MAX_SAFE_INTEGER))
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

/** A node of 254 bits. */
export const roots: fc.Arbitrary<Uint8Array> = bytesOf(32).map((root) => {
  root[31]! &= 0x3f
  return root
})

/** Every form of slab. */
export const descriptors: fc.Arbitrary<SlabDescriptor> = fc
  .record({
    kind: fc.constantFrom(...SLAB_KINDS),
    customer: bytesOf(20).map(toHex),
    sequence: u64,
    code: fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat({ max: 12 })),
    size: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .chain(({ kind, customer, sequence, code: [dataRows, parity], size }) =>
    fc.array(roots, { minLength: dataRows + parity, maxLength: dataRows + parity }).map((rowRoots) => ({
      kind,
      customer,
      sequence: kind === 'content' ? 0n : sequence,
      sizeBytes: 1 + Math.floor(size * (dataRows * MAX_ROW_BYTES - 1)),
      dataRows,
      rows: dataRows + parity,
      roots: rowRoots,
    })),
  )

/** Every form of order. */
export const orders: fc.Arbitrary<StorageOrder> = fc.record({
  customer: bytesOf(20).map(toHex),
  device: fc.nat({ max: 0xffff_ffff }),
  actions: fc.integer({ min: 1, max: 15 }),
  maxBytes: safe,
  serial: bytesOf(12).map(toHex),
  expiresAt: safe,
})

/** Rows of a bundle in any order, each once. */
export const bundleRows: fc.Arbitrary<BundleRow[]> = fc.uniqueArray(
  fc.record({
    slab: bytesOf(32),
    row: fc.nat({ max: 255 }),
    height: fc.integer({ min: 2, max: 14 }),
    root: roots,
  }),
  { minLength: 1, maxLength: 40, selector: ({ slab, row }) => `${toHex(slab)}/${row}` },
)
