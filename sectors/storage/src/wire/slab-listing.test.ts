import { HexError } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { descriptors } from './arbitraries.ts'
import { encodeDescriptor } from './slab-descriptor.ts'
import {
  encodeHolding,
  encodeListing,
  formatListingPlace,
  parseHolding,
  parseListing,
  parseListingPlace,
} from './slab-listing.ts'
import { WireError } from './wire-error.ts'

const entries = fc.array(
  fc.record({
    slab: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    sequence: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    sizeBytes: fc.nat({ max: 0xffff_ffff }),
    row: fc.nat({ max: 255 }),
  }),
  { maxLength: 20 },
)

test('default: pages, places in them, and holdings come back as they were', () => {
  fc.assert(
    fc.property(entries, (page) => {
      expect(parseListing(encodeListing(page))).toEqual(page)
      for (const { sequence, slab, row } of page) {
        expect(parseListingPlace(formatListingPlace({ sequence, slab, row }))).toEqual({
          sequence,
          slab,
          row,
        })
      }
    }),
  )
  fc.assert(
    fc.property(descriptors, fc.nat(), (slab, mask) => {
      const descriptor = encodeDescriptor(slab)
      const rows = slab.roots.map((_, i) => i).filter((i) => (mask >> (i % 31)) & 1)
      expect(parseHolding(encodeHolding({ descriptor, rows }))).toEqual({ descriptor, slab, rows })
    }),
  )
})

test('error: pages that are cut or too long, and places that are none', () => {
  expect(() => parseListing(new Uint8Array(44))).toThrow(WireError)
  expect(() => parseListing(new Uint8Array(45 * 1025))).toThrow(WireError)
  expect(() => parseListingPlace('00')).toThrow(HexError)
  expect(() => parseListingPlace('zz'.repeat(41))).toThrow(HexError)
})

test('error: holdings with rows out of order, doubled, or of another slab', () => {
  fc.assert(
    fc.property(descriptors, (slab) => {
      const descriptor = encodeDescriptor(slab)
      for (const rows of [[slab.rows], [0, 0], [1, 0]]) {
        expect(() => parseHolding(encodeHolding({ descriptor, rows }))).toThrow(WireError)
      }
      const whole = encodeHolding({ descriptor, rows: [0] })
      expect(() => parseHolding(whole.subarray(0, -1))).toThrow(WireError)
      expect(() => parseHolding(descriptor.subarray(0, 20))).toThrow(WireError)
    }),
  )
})
