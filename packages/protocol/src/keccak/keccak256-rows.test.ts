import fc from 'fast-check'
import { createKeccak } from 'hash-wasm'
import { describe, expect, test } from 'vitest'
import { keccak256Pairs, keccak256Rows, keccak256TaggedRows } from './keccak256-rows.ts'

const peer = await createKeccak(256)
const counting = (length: number) =>
  Uint8Array.from({ length }, (_, i) => (i * 167 + (i >> 8) * 31 + 7) & 0xff)

/** What the calls under test must leave in an `out` filled with 0xee, computed one row at a time by hash-wasm. */
const expected = (
  rows: Uint8Array,
  rowBytes: number,
  count: number,
  stride: number,
  prefix: number[] = [],
) => {
  const out = new Uint8Array(count * stride).fill(0xee)
  for (let row = 0; row < count; row++) {
    const bytes = rows.subarray(row * rowBytes, (row + 1) * rowBytes)
    peer.init().update(Uint8Array.from(prefix)).update(bytes)
    out.set(peer.digest('binary'), row * stride)
  }
  return out
}
const output = (count: number, stride = 32) => new Uint8Array(count * stride).fill(0xee)
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0

describe('keccak256Rows', () => {
  test('default: writes one digest for each row', () => {
    const rows = counting(4 * 33)
    const out = output(4)
    keccak256Rows(rows, 33, out)
    expect(out).toEqual(expected(rows, 33, 4, 32))
  })

  test('behavior: agrees with hash-wasm for every row length up to 600, tagged or not', () => {
    for (let rowBytes = 0; rowBytes <= 600; rowBytes++) {
      const rows = counting(3 * rowBytes)
      const [plain, tagged] = [output(3), output(3)]
      keccak256Rows(rows, rowBytes, plain, 32, 3)
      keccak256TaggedRows(rowBytes & 0xff, rows, rowBytes, tagged, 32, 3)
      expect(plain, `rows of ${rowBytes}`).toEqual(expected(rows, rowBytes, 3, 32))
      expect(tagged, `tagged rows of ${rowBytes}`).toEqual(expected(rows, rowBytes, 3, 32, [rowBytes & 0xff]))
    }
  })

  test('behavior: agrees with hash-wasm for random rows, counts, strides and offsets', () => {
    const cases = fc.record({
      rowBytes: fc.integer({ min: 1, max: 300 }),
      count: fc.nat(9),
      extra: fc.nat(40),
      offset: fc.nat(9),
      tag: fc.nat(255),
      bytes: fc.uint8Array({ minLength: 2700, maxLength: 2700 }),
    })
    fc.assert(
      fc.property(cases, ({ rowBytes, count, extra, offset, tag, bytes }) => {
        const rows = bytes.subarray(0, count * rowBytes)
        const stride = 32 + extra
        const around = new Uint8Array(offset + count * stride + 9).fill(0xee)
        const out = around.subarray(offset, offset + count * stride)
        keccak256Rows(rows, rowBytes, out, stride)
        expect(same(out, expected(rows, rowBytes, count, stride))).toBe(true)
        out.fill(0xee)
        keccak256TaggedRows(tag, rows, rowBytes, out, stride)
        expect(same(out, expected(rows, rowBytes, count, stride, [tag]))).toBe(true)
        expect(around.subarray(0, offset).every((byte) => byte === 0xee)).toBe(true)
        expect(around.subarray(offset + count * stride).every((byte) => byte === 0xee)).toBe(true)
      }),
    )
  })

  // The kernel takes 4096 digests or 256 KiB of rows at once.
  test.for([
    [0, 4097],
    [1, 8193],
    [33, 4095],
    [33, 4096],
    [33, 4097],
    [97, 8111],
    [193, 2717],
    [131_072, 3],
    [131_073, 3],
    [300_000, 2],
  ] as const)('behavior: rows of %i bytes, %i of them, in more batches than one', ([rowBytes, count]) => {
    const rows = counting(rowBytes * count)
    const [plain, spread, tagged] = [output(count), output(count, 48), output(count)]
    keccak256Rows(rows, rowBytes, plain, 32, count)
    keccak256Rows(rows, rowBytes, spread, 48, count)
    keccak256TaggedRows(9, rows, rowBytes, tagged, 32, count)
    expect(same(plain, expected(rows, rowBytes, count, 32))).toBe(true)
    expect(same(spread, expected(rows, rowBytes, count, 48))).toBe(true)
    expect(same(tagged, expected(rows, rowBytes, count, 32, [9]))).toBe(true)
  })

  test('behavior: an output that ends with its last digest is long enough', () => {
    for (const stride of [32, 33, 48]) {
      const out = output(stride + 32, 1)
      keccak256Rows(counting(66), 33, out, stride)
      expect(same(out, expected(counting(66), 33, 2, stride).subarray(0, stride + 32))).toBe(true)
    }
  })

  test('behavior: no rows, no bytes written', () => {
    keccak256Rows(new Uint8Array(), 33, new Uint8Array())
  })

  test('error: rows, output or a number that does not fit', () => {
    const rows = counting(66)
    expect(() => keccak256Rows(rows, 32, output(3))).toThrow(/66 bytes are not a whole number of rows of 32/)
    expect(() => keccak256Rows(rows, 0, output(3))).toThrow(/not a whole number of rows of 0/)
    expect(() => keccak256Rows(rows, 33, output(2), 32, 3)).toThrow(/need 99 bytes, but there are 66/)
    expect(() => keccak256Rows(rows, 33, output(1))).toThrow(/need 64 bytes of output, but there are 32/)
    expect(() => keccak256Rows(rows, 33, output(2, 48), 48, -1)).toThrow(/count is -1/)
    expect(() => keccak256Rows(rows, 33, output(2), 31)).toThrow(/outStride is 31.* 32 or more/)
    expect(() => keccak256Rows(rows, 16.5, output(4), 32, 4)).toThrow(/rowBytes is 16\.5/)
    expect(() => keccak256TaggedRows(256, rows, 33, output(2))).toThrow(/The tag is 256/)
  })
})

describe('keccak256Pairs', () => {
  test.for([32, 48, 96])('default: tag, left and right of nodes of %i bytes', (width) => {
    const nodes = counting(2 * width * 1000)
    const [out, spread] = [output(1000), output(1000, width)]
    keccak256Pairs(1, nodes, width, 1000, out)
    keccak256Pairs(1, nodes, width, 1000, spread, width)
    expect(same(out, expected(nodes, 2 * width, 1000, 32, [1]))).toBe(true)
    expect(same(spread, expected(nodes, 2 * width, 1000, width, [1]))).toBe(true)
  })

  test('behavior: a level may be written over the level below it', () => {
    const nodes = counting(96 * 9001)
    const level = expected(nodes, 96, 9001, 48, [1])
    keccak256Pairs(1, nodes, 48, 9001, nodes, 48)
    for (let pair = 0; pair < 9001; pair++) {
      const at = pair * 48
      if (!same(nodes.subarray(at, at + 32), level.subarray(at, at + 32))) expect.fail(`pair ${pair}`)
    }
  })

  test('error: fewer nodes than pairs need', () => {
    expect(() => keccak256Pairs(1, counting(96), 32, 2, output(2))).toThrow(
      /2 rows of 64 bytes need 128 bytes/,
    )
  })
})
