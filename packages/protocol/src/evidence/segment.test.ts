import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex, type Hex, toHex } from '../hex.ts'
import { evidenceTree } from '../trees/evidence-tree.ts'
import { buildTree, emptyLeaf } from '../trees/plain-tree.ts'
import { evidenceTags } from '../trees/tree-tags.ts'
import { EvidenceError } from './evidence-error.ts'
import { encodeSegment, parseSegment, SEGMENT_LEAVES, segmentId, segmentIds } from './segment.ts'

const vectors = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/evidence.json', import.meta.url), 'utf8'),
) as {
  segments: { count: string; evidenceRoot: Hex; segmentIds: Hex[] }[]
  log: { reports: Hex[]; segment: Hex }
}

/** Report hash i is sha256 of i as a u32, as in the vectors. */
const hashesOf = (count: number): Uint8Array => {
  const hashes = new Uint8Array(32 * count)
  for (let i = 0; i < count; i++) {
    const number = Uint8Array.of(i >>> 24, i >>> 16, i >>> 8, i)
    hashes.set(createHash('sha256').update(number).digest(), 32 * i)
  }
  return hashes
}

describe('content', () => {
  test('default: the vector', () => {
    const reports = vectors.log.reports.map(fromHex)
    expect(toHex(encodeSegment(reports))).toBe(vectors.log.segment)
    expect(parseSegment(fromHex(vectors.log.segment))).toEqual(reports)
  })

  test('behavior: what is written is read, and what is read is written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 }), (reports) => {
        const bytes = encodeSegment(reports)
        expect(parseSegment(bytes)).toEqual(reports)
        expect(encodeSegment(parseSegment(bytes))).toEqual(bytes)
      }),
    )
  })

  test('behavior: any bytes are refused with an EvidenceError, or are what their reports serialize to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(0, 0, 0, 1, 2), fc.nat(255)), { maxLength: 60 }),
        (numbers) => {
          const bytes = Uint8Array.from(numbers)
          try {
            expect(encodeSegment(parseSegment(bytes))).toEqual(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(EvidenceError)
          }
        },
      ),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 1_000) },
    )
  })

  test('error: malformed_segment, with where', () => {
    const bytes = encodeSegment([Uint8Array.of(1, 2), Uint8Array.of(3)])
    for (const length of [1, 3, 5, 7, 10]) {
      expect(() => parseSegment(bytes.subarray(0, length))).toThrow(
        expect.objectContaining({ code: 'malformed_segment', meta: { offset: length < 6 ? 0 : 6 } }),
      )
    }
    const tooMany = new Uint8Array(4 * (SEGMENT_LEAVES + 1))
    expect(() => parseSegment(tooMany)).toThrow(
      expect.objectContaining({ meta: { offset: 4 * SEGMENT_LEAVES } }),
    )
    const tooLong = concatBytes(Uint8Array.of(0, 2, 0, 1), new Uint8Array(131_073))
    expect(() => parseSegment(tooLong)).toThrow(expect.objectContaining({ meta: { offset: 0 } }))
    expect(() => encodeSegment(Array.from({ length: SEGMENT_LEAVES + 1 }, () => new Uint8Array()))).toThrow(
      expect.objectContaining({ code: 'malformed_segment' }),
    )
  })
})

describe('ids', () => {
  test.for(vectors.segments)(
    'default: a log of $count reports',
    ({ count, evidenceRoot, segmentIds: ids }) => {
      const hashes = hashesOf(Number(count))
      expect(toHex(evidenceTree(hashes).root)).toBe(evidenceRoot)
      expect(segmentIds(hashes)).toEqual(ids)
    },
  )

  test('behavior: a log without reports has none', () => {
    expect(segmentIds(new Uint8Array())).toEqual([])
  })

  test('behavior: a short log has its evidence root as the only id', () => {
    for (const count of [1, 2, 100, 2049, SEGMENT_LEAVES]) {
      const hashes = hashesOf(count)
      const root = toHex(evidenceTree(hashes).root)
      expect(segmentIds(hashes)).toEqual([root])
      expect(segmentId(hashes, count)).toBe(root)
    }
  })

  test('behavior: each id follows from its own reports, and the root from the ids', () => {
    const count = 2 * SEGMENT_LEAVES + 3
    const hashes = hashesOf(count)
    const ids = segmentIds(hashes)
    expect(ids.length).toBe(3)
    for (const [i, id] of ids.entries()) {
      const own = hashes.subarray(32 * SEGMENT_LEAVES * i, 32 * Math.min(SEGMENT_LEAVES * (i + 1), count))
      expect(segmentId(own, count)).toBe(id)
    }
    // Three subtrees and an empty one, joined by the nodes above them.
    const empty = emptyLeaf(evidenceTags)
    const filler = new Uint8Array(32 * SEGMENT_LEAVES)
    for (let i = 0; i < SEGMENT_LEAVES; i++) filler.set(empty, 32 * i)
    const subtrees = [...ids.map(fromHex), buildTree(filler, evidenceTags).root]
    expect(buildTree(concatBytes(...subtrees), evidenceTags).root).toEqual(evidenceTree(hashes).root)
  })
})
