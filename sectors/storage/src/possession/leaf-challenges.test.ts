import { fromHex } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deriveLeafChallenges } from './leaf-challenges.ts'
import { vectors } from './vectors.fixture.ts'

test('default: the vectors', () => {
  for (const scenario of vectors.scenarios) {
    const { beacon, set, challenges, leaves, removed } = scenario
    const standing = leaves.map((count, piece) => (removed.includes(piece) ? 0 : count))
    const derived = deriveLeafChallenges({ beacon: fromHex(beacon), set: BigInt(set), challenges }, standing)
    expect(derived.map(({ piece }) => piece)).toEqual(scenario.challengedPieces)
    expect(derived.map(({ leaf }) => leaf)).toEqual(scenario.challengedLeaves)
  }
})

test('behavior: only leaves that are there are asked for', () => {
  const leaves = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(leaves, fc.uint8Array({ minLength: 32, maxLength: 32 }), (counts, beacon) => {
      fc.pre(counts.some((count) => count > 0))
      for (const { piece, leaf } of deriveLeafChallenges({ beacon, set: 1n, challenges: 20 }, counts)) {
        expect(leaf).toBeLessThan(counts[piece]!)
      }
    }),
  )
})

test('behavior: every leaf is as likely as any other', () => {
  const counts = [1, 0, 5, 2]
  const hits = counts.map((count) => new Array<number>(count).fill(0))
  for (let i = 0; i < 250; i++) {
    const beacon = new Uint8Array(32).fill(i & 0xff, 0, 1)
    for (const { piece, leaf } of deriveLeafChallenges({ beacon, set: 0n, challenges: 32 }, counts)) {
      hits[piece]![leaf]! += 1
    }
  }
  // 8 000 draws over 8 leaves: 1 000 each, a standard deviation of 30.
  for (const count of hits.flat()) expect(Math.abs(count - 1_000)).toBeLessThan(150)
})

test('error: an empty set', () => {
  const seed = { beacon: new Uint8Array(32), set: 0n, challenges: 5 }
  expect(() => deriveLeafChallenges(seed, [])).toThrow(expect.objectContaining({ code: 'no_leaves' }))
  expect(() => deriveLeafChallenges(seed, [0, 0])).toThrow(expect.objectContaining({ code: 'no_leaves' }))
})
