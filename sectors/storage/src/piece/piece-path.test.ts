import { createHash } from 'node:crypto'
import { equalBytes } from '@cairn/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { SEGMENT_BYTES } from './fr32-kernel.ts'
import { derivePieceIndex } from './piece-hasher.ts'
import { derivePiecePath, derivePiecePathOf, derivePieceSegment, verifyPiecePath } from './piece-path.ts'

/** Fr32 bit by bit, as its definition reads: 254 bits of data, then two zeros. */
const leafBySlowFr32 = (data: Uint8Array, index: number): Uint8Array => {
  const leaf = new Uint8Array(32)
  for (let bit = 0; bit < 254; bit++) {
    const from = 254 * index + bit
    if (((data[from >> 3] ?? 0) >> (from & 7)) & 1) leaf[bit >> 3]! |= 1 << (bit & 7)
  }
  return leaf
}

/** SHA-256 of another library, the two top bits cleared. */
const climb = (leaf: Uint8Array, index: number, path: readonly Uint8Array[]): Uint8Array =>
  path.reduce<Uint8Array>((node, sibling, level) => {
    const right = Math.floor(index / 2 ** level) % 2 === 1
    const digest = createHash('sha256')
      .update(right ? sibling : node)
      .update(right ? node : sibling)
      .digest()
    digest[31]! &= 0x3f
    return digest
  }, leaf)

describe('derivePiecePath', () => {
  test('default: every leaf of a small piece leads to its root', () => {
    const data = patterned(700)
    const { root, height } = derivePieceIndex(data)
    for (let index = 0; index < 2 ** height; index++) {
      const { leaf, path } = derivePiecePathOf(data, index)
      expect(leaf).toEqual(leafBySlowFr32(data, index))
      expect(path.length).toBe(height)
      expect(equalBytes(climb(leaf, index, path), root)).toBe(true)
      expect(verifyPiecePath(root, leaf, index, path)).toBe(true)
    }
  })

  test('behavior: leaves of any size of piece, those behind the data too', () => {
    const size = fc.integer({ min: 1, max: 6 * SEGMENT_BYTES })
    fc.assert(
      fc.property(size, fc.nat(), fc.integer({ min: 1 }), (sizeBytes, draw, seed) => {
        const data = patterned(sizeBytes, seed)
        const piece = derivePieceIndex(data)
        const index = draw % 2 ** piece.height
        const { offset, lengthBytes } = derivePieceSegment(piece, index)
        expect(lengthBytes).toBeLessThanOrEqual(SEGMENT_BYTES)
        const { leaf, path } = derivePiecePath(piece, index, data.slice(offset, offset + lengthBytes))
        expect(equalBytes(leaf, leafBySlowFr32(data, index))).toBe(true)
        expect(equalBytes(climb(leaf, index, path), piece.root)).toBe(true)
        expect(verifyPiecePath(piece.root, leaf, index, path)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('behavior: another index, leaf, sibling, order or length proves nothing', () => {
    const data = patterned(5000)
    const { root } = derivePieceIndex(data)
    const { leaf, path } = derivePiecePathOf(data, 77)
    const flipped = (bytes: Uint8Array) => bytes.with(9, bytes[9]! ^ 1)
    for (let level = 0; level < path.length; level++) {
      expect(verifyPiecePath(root, leaf, 77 ^ (2 ** level), path)).toBe(false)
      expect(verifyPiecePath(root, leaf, 77, path.with(level, flipped(path[level]!)))).toBe(false)
    }
    expect(verifyPiecePath(root, flipped(leaf), 77, path)).toBe(false)
    expect(verifyPiecePath(flipped(root), leaf, 77, path)).toBe(false)
    expect(verifyPiecePath(root, leaf, 77, path.toReversed())).toBe(false)
    expect(verifyPiecePath(root, leaf, 77, path.slice(1))).toBe(false)
    expect(verifyPiecePath(root, leaf, 77, [...path, leaf])).toBe(false)
    expect(verifyPiecePath(root, leaf, 77 + 2 ** path.length, path)).toBe(false)
    expect(verifyPiecePath(root, leaf, -1, path)).toBe(false)
    expect(verifyPiecePath(root, leaf.slice(1), 77, path)).toBe(false)
    expect(verifyPiecePath(root, leaf, 77, path.with(0, leaf.slice(1)))).toBe(false)
  })

  test('behavior: Buffers are read and left as they are', () => {
    const data = Buffer.from(patterned(5000))
    const piece = derivePieceIndex(data)
    const { leaf, path } = derivePiecePath({ ...piece, nodes: Buffer.from(piece.nodes) }, 20, data)
    const [buffer, before] = [Buffer.from(leaf), Buffer.from(leaf)]
    expect(
      verifyPiecePath(
        piece.root,
        buffer,
        20,
        path.map((each) => Buffer.from(each)),
      ),
    ).toBe(true)
    expect(buffer.equals(before)).toBe(true)
    expect(data.equals(patterned(5000))).toBe(true)
  })

  test('error: a damaged, cut or foreign segment, and a leaf that is not there', () => {
    const data = patterned(2 * SEGMENT_BYTES)
    const piece = derivePieceIndex(data)
    const wrong = expect.objectContaining({ code: 'wrong_segment' })
    const segment = data.slice(SEGMENT_BYTES)
    for (const bad of [segment.with(3, segment[3]! ^ 1), segment.slice(1), data, new Uint8Array(0)]) {
      expect(() => derivePiecePath(piece, 2048, bad)).toThrowError(wrong)
    }
    expect(() => derivePiecePath(piece, 0, segment)).toThrowError(wrong)
    for (const index of [-1, 0.5, 4096, Number.NaN]) {
      expect(() => derivePiecePath(piece, index, segment)).toThrowError(
        expect.objectContaining({ code: 'no_such_leaf' }),
      )
    }
  })
})
