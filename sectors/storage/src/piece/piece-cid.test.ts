import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodePieceCid, formatPieceCid, parsePieceCid, parsePieceCidBytes } from './piece-cid.ts'
import { PieceError } from './piece-error.ts'
import { derivePiece } from './piece-hasher.ts'
import { MAX_PIECE_HEIGHT, pieceCapacityBytes } from './piece-size.ts'

const pieces = fc
  .record({
    height: fc.integer({ min: 2, max: MAX_PIECE_HEIGHT }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .chain(({ height, part }) =>
    fc.record({
      height: fc.constant(height),
      sizeBytes: fc.constant(Math.max(1, Math.floor(pieceCapacityBytes(height) * part))),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((root) => root.with(31, root[31]! & 0x3f)),
    }),
  )

const numRuns = Number(process.env.FUZZ_RUNS ?? 2_000)

const malformed = expect.objectContaining({ code: 'malformed_piece_cid' })

describe('PieceCIDv2', () => {
  test('default: what is written is read', () => {
    const piece = derivePiece(new Uint8Array(200).fill(7))
    expect(formatPieceCid(piece)).toMatch(/^bafkzcib/)
    expect(parsePieceCid(formatPieceCid(piece))).toEqual(piece)
  })

  test('behavior: every piece survives both forms', () => {
    fc.assert(
      fc.property(pieces, (piece) => {
        expect(parsePieceCidBytes(encodePieceCid(piece))).toEqual(piece)
        expect(parsePieceCid(formatPieceCid(piece))).toEqual(piece)
      }),
    )
  })

  test('behavior: bytes that are read are written the same, whatever they are', () => {
    const near = fc.tuple(pieces, fc.nat(60), fc.nat(255)).map(([piece, at, byte]) => {
      const bytes = encodePieceCid(piece)
      return bytes.with(at % bytes.length, byte)
    })
    fc.assert(
      fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        try {
          expect(encodePieceCid(parsePieceCidBytes(bytes))).toEqual(bytes)
        } catch (error) {
          if (!(error instanceof PieceError)) throw error
        }
      }),
      { numRuns },
    )
  })

  test('behavior: text that is read is written the same, whatever it is', () => {
    const near = fc.tuple(pieces, fc.nat(80), fc.constantFrom(...'abz27=1A')).map(([piece, at, digit]) => {
      const text = formatPieceCid(piece)
      return text.slice(0, at) + digit + text.slice(at + 1)
    })
    fc.assert(
      fc.property(fc.oneof(near, fc.string({ unit: 'binary', maxLength: 90 })), (text) => {
        try {
          expect(formatPieceCid(parsePieceCid(text))).toBe(text)
        } catch (error) {
          if (!(error instanceof PieceError)) throw error
        }
      }),
      { numRuns },
    )
  })

  test('error: other text, other prefixes, lengths, heights, paddings and varints', () => {
    const good = encodePieceCid(derivePiece(new Uint8Array(100)))
    const bad = [
      new Uint8Array(0),
      good.with(0, 0),
      good.with(3, 0x12),
      good.slice(0, -1),
      Uint8Array.from([...good, 0]),
      good.with(4, 35),
      good.with(5, 127),
      good.with(6, 1),
      good.with(6, MAX_PIECE_HEIGHT + 1),
      good.with(38, 0x40),
      Uint8Array.from([...good.slice(0, 4), 35, 0x9b, 0, ...good.slice(6)]),
      Uint8Array.from([...good.slice(0, 4), 42, ...new Array(9).fill(0x80), ...good.slice(6)]),
    ]
    for (const bytes of bad) expect(() => parsePieceCidBytes(bytes)).toThrowError(malformed)
    const text = formatPieceCid(derivePiece(new Uint8Array(100)))
    for (const wrong of [
      '',
      'b',
      text.slice(1),
      text.toUpperCase(),
      `${text}a`,
      `${text}!`,
      `b${'a'.repeat(9e6)}`,
    ])
      expect(() => parsePieceCid(wrong)).toThrowError(malformed)
  })
})
