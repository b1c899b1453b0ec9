import { equalBytes } from '@cairn/protocol'
import { sha256 } from '@cairn/runtime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { derivePiece } from '../piece/piece-hasher.ts'
import { descriptors } from './arbitraries.ts'
import { encodeRowHead, parseRowBody } from './row-body.ts'
import {
  deriveSlabId,
  descriptorLength,
  encodeDescriptor,
  MAX_DESCRIPTOR_BYTES,
  parseDescriptor,
  rowBytesOf,
  rowHeightOf,
  type SlabDescriptor,
} from './slab-descriptor.ts'
import { WireError } from './wire-error.ts'

const slab: SlabDescriptor = {
  kind: 'journal',
  customer: `0x${'ab'.repeat(20)}`,
  sequence: 7n,
  sizeBytes: 1_000,
  dataRows: 4,
  rows: 6,
  roots: Array.from({ length: 6 }, (_, i) => derivePiece(patterned(250, i + 1)).root),
}

test('default: a descriptor is 36 bytes and its roots, and comes back as it was', () => {
  fc.assert(
    fc.property(descriptors, (any) => {
      const bytes = encodeDescriptor(any)
      expect(bytes.length).toBe(36 + 32 * any.rows)
      expect(descriptorLength(bytes.subarray(0, 36))).toBe(bytes.length)
      expect(parseDescriptor(bytes)).toEqual(any)
    }),
  )
})

test('default: the layout, byte by byte', () => {
  const bytes = encodeDescriptor(slab)
  expect(Buffer.from(bytes.subarray(0, 36)).toString('hex')).toBe(
    `0101${'ab'.repeat(20)}0000000000000007000003e80406`,
  )
  expect(deriveSlabId(sha256, bytes)).toEqual(sha256(bytes))
  expect([rowBytesOf(slab), rowHeightOf(slab)]).toEqual([250, 3])
})

test('behavior: bytes that are read are written the same, and others are refused with a typed error', () => {
  fc.assert(
    fc.property(descriptors, fc.nat(), fc.nat({ max: 255 }), (any, place, value) => {
      const bytes = encodeDescriptor(any)
      bytes[place % bytes.length] = value
      try {
        expect(equalBytes(encodeDescriptor(parseDescriptor(bytes)), bytes)).toBe(true)
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
      }
    }),
  )
})

test('error: any other bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      bytes[0] = 2
      expect(() => parseDescriptor(bytes)).toThrow(WireError)
    }),
  )
})

test.for<[string, Partial<SlabDescriptor>]>([
  ['content with a sequence', { kind: 'content' }],
  ['no data rows', { dataRows: 0 }],
  ['more data rows than rows', { dataRows: 7 }],
  ['no bytes', { sizeBytes: 0 }],
  ['more bytes than fit', { sizeBytes: 4 * 520_192 + 1 }],
  ['too few roots', { roots: slab.roots.slice(1) }],
  ['a root of 256 bits', { roots: [new Uint8Array(32).fill(255), ...slab.roots.slice(1)] }],
])('error: %s', ([, wrong]) => {
  expect(() => encodeDescriptor({ ...slab, ...wrong })).toThrow(WireError)
})

test('default: a row is put with its descriptor before it', () => {
  const row = patterned(250, 1)
  const body = Buffer.concat([encodeRowHead(encodeDescriptor(slab)), row])
  const parsed = parseRowBody(body)
  expect(parsed.slab).toEqual(slab)
  expect(new Uint8Array(parsed.bytes)).toEqual(row)
})

test('error: a body that is cut, too long, or of another length than it says', () => {
  const body = Buffer.concat([encodeRowHead(encodeDescriptor(slab)), patterned(250, 1)])
  for (let end = 0; end < body.length; end++) {
    expect(() => parseRowBody(body.subarray(0, end))).toThrow(WireError)
  }
  expect(() => parseRowBody(Buffer.concat([body, Uint8Array.of(0)]))).toThrow(WireError)
  body.writeUInt32BE(MAX_DESCRIPTOR_BYTES + 1)
  expect(() => parseRowBody(body)).toThrow(WireError)
})
