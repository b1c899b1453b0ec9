import { toHex } from '@cairn/protocol'
import * as Peer from '@web3-storage/data-segment/multihash'
import { fromDigest } from '@web3-storage/data-segment/piece'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { SEGMENT_BYTES } from './fr32-kernel.ts'
import { formatPieceCid } from './piece-cid.ts'
import { createPieceHasher, derivePiece, derivePieceIndex } from './piece-hasher.ts'

const peerCid = (data: Uint8Array): string => fromDigest(Peer.digest(data)).link.toString()

describe('derivePiece', () => {
  test('default: 127 zero bytes are a tree of zeros, height 2', () => {
    const piece = derivePiece(new Uint8Array(127))
    expect(piece).toMatchObject({ sizeBytes: 127, height: 2 })
    // Published zero commitment of 128 bytes: filecoin-project/go-fil-commcid and data-segment, zero-comm.js.
    expect(toHex(piece.root)).toBe('0x3731bb99ac689f66eef5973e4a94da188f4ddcae580724fc6f3fd60dfd488333')
  })

  test.each([1, 64, 65, 126, 127, 128, 253, 254, 255, 508, 509, 1016, 10_000, 65_023, 65_024, 65_025])(
    'behavior: the name of %i bytes is that of @web3-storage/data-segment',
    (size) => {
      const data = patterned(size)
      expect(formatPieceCid(derivePiece(data))).toBe(peerCid(data))
    },
  )

  test('behavior: names agree with @web3-storage/data-segment for random data', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 4000 }), (data) => {
        expect(formatPieceCid(derivePiece(data))).toBe(peerCid(data))
      }),
      { numRuns: 300 },
    )
  })

  test('behavior: names agree where trees have several segments and batches', () => {
    for (const size of [130_047, 130_048, 130_049, 200_001, 1_040_384]) {
      const data = patterned(size)
      expect(formatPieceCid(derivePiece(data))).toBe(peerCid(data))
    }
  })

  test('behavior: 64 MiB has the name that @web3-storage/data-segment 5.3.0 gives it', () => {
    expect(formatPieceCid(derivePiece(patterned(64 * 1024 * 1024)))).toBe(
      'bafkzcibfqcamahywaxdtm37d3xirerg3o5yz6cqcevjoa5ojrmcdimglr4e2dgf7amoq',
    )
  })
})

describe('createPieceHasher', () => {
  test('behavior: how data are cut into writes changes nothing', () => {
    const data = patterned(3 * SEGMENT_BYTES + 777)
    const whole = formatPieceCid(derivePiece(data))
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 * SEGMENT_BYTES }), { maxLength: 12 }), (cuts) => {
        const hasher = createPieceHasher()
        let offset = 0
        for (const cut of cuts) {
          hasher.write(data.subarray(offset, offset + cut))
          offset = Math.min(offset + cut, data.length)
        }
        hasher.write(data.subarray(offset))
        expect(formatPieceCid(hasher.finish())).toBe(whole)
      }),
      { numRuns: 60 },
    )
  })

  test('behavior: two hashers at once do not disturb each other', () => {
    const [a, b] = [patterned(150_000), patterned(140_001)]
    const [first, second] = [createPieceHasher(), createPieceHasher()]
    for (let i = 0; i < 150_000; i += 10_000) {
      first.write(a.subarray(i, i + 10_000))
      second.write(b.subarray(i, i + 10_000))
    }
    expect(first.finish()).toEqual(derivePiece(a))
    expect(second.finish()).toEqual(derivePiece(b))
  })

  test('behavior: an index has a node for every segment with data', () => {
    expect(derivePieceIndex(patterned(5)).nodes).toEqual(derivePiece(patterned(5)).root)
    for (const segments of [1, 2, 3, 4, 33]) {
      const { nodes } = derivePieceIndex(patterned(segments * SEGMENT_BYTES - 5))
      expect(nodes.length).toBe(32 * segments)
    }
  })

  test('error: nothing, and a write after the end', () => {
    expect(() => derivePiece(new Uint8Array(0))).toThrowError(
      expect.objectContaining({ code: 'empty_piece' }),
    )
    const hasher = createPieceHasher()
    hasher.write(Uint8Array.of(1))
    hasher.finish()
    const finished = expect.objectContaining({ code: 'piece_finished' })
    expect(() => hasher.write(Uint8Array.of(1))).toThrowError(finished)
    expect(() => hasher.finish()).toThrowError(finished)
  })
})
