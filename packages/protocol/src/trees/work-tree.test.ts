import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concatBytes } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { expectChildrenAddUp, expectSame, flipBit, naive, uint128, work } from './naive-sum-tree.fixture.ts'
import { treeDepth } from './tree-depth.ts'
import { workTags } from './tree-tags.ts'
import { decodeWorkNode, encodeWorkNode, type Work4 } from './work-node.ts'
import {
  buildWorkTree,
  encodeWorkLeaf,
  verifyWorkProof,
  type WorkLeaf,
  workLeafBytes,
  writeWorkLeaf,
} from './work-tree.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 100)

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const workLeaves: fc.Arbitrary<WorkLeaf[]> = fc
  .array(
    fc.record({ work, verdictHash: fc.uint8Array({ minLength: 32, maxLength: 32 }), verdictCount: u32 }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((leaves) => leaves.map((leaf, index) => ({ ...leaf, index })))

test('default: no device is the empty leaf, one device its leaf', () => {
  const empty = { hash: keccak256(Uint8Array.of(0x32)), sums: [0n, 0n, 0n, 0n], depth: 0, count: 0 }
  expect(buildWorkTree([])).toMatchObject(empty)
  const leaf: WorkLeaf = {
    index: 0,
    work: [1n, 2n, 3n, 4n],
    verdictHash: new Uint8Array(32),
    verdictCount: 7,
  }
  const bytes = concatBytes(
    Uint8Array.of(0x30, 0, 0, 0, 0),
    ...leaf.work.map((each) => uint128(each).slice(4)),
    new Uint8Array(32),
    Uint8Array.of(0, 0, 0, 7),
  )
  expect(buildWorkTree([leaf])).toMatchObject({ hash: keccak256(bytes), sums: leaf.work })
})

test('behavior: the builder agrees with a recursive reading of the spec', () => {
  fc.assert(
    fc.property(workLeaves, (leaves) => {
      const rows = leaves.map((leaf) => ({ bytes: encodeWorkLeaf(leaf), amounts: leaf.work }))
      expectSame(buildWorkTree(leaves), naive(rows, treeDepth(leaves.length), workTags, 4))
    }),
    { numRuns },
  )
})

test('behavior: a source of written leaves gives the same tree, over several batches of leaves', () => {
  const leaves = Array.from(
    { length: 5000 },
    (_, index): WorkLeaf => ({
      index,
      work: [BigInt(index), 0n, 1n, 2n],
      verdictHash: keccak256(Uint8Array.of(index, index >> 8)),
      verdictCount: index,
    }),
  )
  const source = {
    count: leaves.length,
    write: (rows: Uint8Array, first: number, count: number) => {
      for (let i = 0; i < count; i++) writeWorkLeaf(rows, i * workLeafBytes, leaves[first + i]!)
    },
  }
  const rows = leaves.map((leaf) => ({ bytes: encodeWorkLeaf(leaf), amounts: leaf.work }))
  expectSame(buildWorkTree(source), naive(rows, 13, workTags, 4))
  expect(buildWorkTree(leaves).hash).toEqual(buildWorkTree(source).hash)
})

test('behavior: every proof holds, and fails with a bit flipped', () => {
  fc.assert(
    fc.property(workLeaves, fc.nat(), fc.nat(), (leaves, pick, bit) => {
      const tree = buildWorkTree(leaves)
      const leaf = leaves[pick % leaves.length]!
      const proof = { top: tree, count: tree.count, leaf, siblings: tree.proof(leaf.index) }
      expect(verifyWorkProof(proof)).toBe(true)
      const work = leaf.work.with(bit % 4, leaf.work[bit % 4]! ^ (1n << BigInt(bit % 96))) as unknown as Work4
      expect(verifyWorkProof({ ...proof, leaf: { ...leaf, work } })).toBe(false)
      const verdictCount = (leaf.verdictCount ^ (1 << (bit % 32))) >>> 0
      expect(verifyWorkProof({ ...proof, leaf: { ...leaf, verdictCount } })).toBe(false)
      const verdictHash = flipBit(leaf.verdictHash, bit)
      expect(verifyWorkProof({ ...proof, leaf: { ...leaf, verdictHash } })).toBe(false)
      expect(verifyWorkProof({ ...proof, top: { ...tree, hash: flipBit(tree.hash, bit) } })).toBe(false)
      if (proof.siblings.length > 0) {
        expect(verifyWorkProof({ ...proof, siblings: flipBit(proof.siblings, bit) })).toBe(false)
      }
    }),
    { numRuns },
  )
})

test('behavior: children hash and add up to the node above them', () => {
  fc.assert(
    fc.property(workLeaves, (leaves) => expectChildrenAddUp(buildWorkTree(leaves), 0x31)),
    { numRuns: Math.min(numRuns, 100) },
  )
})

test('behavior: a leaf out of its bounds does not hold', () => {
  const leaf: WorkLeaf = {
    index: 0,
    work: [0n, 0n, 0n, 0n],
    verdictHash: new Uint8Array(32),
    verdictCount: 0,
  }
  const proof = { top: buildWorkTree([leaf]), count: 1, leaf, siblings: new Uint8Array() }
  expect(verifyWorkProof(proof)).toBe(true)
  expect(verifyWorkProof({ ...proof, leaf: { ...leaf, work: [2n ** 96n, 0n, 0n, 0n] } })).toBe(false)
  expect(verifyWorkProof({ ...proof, leaf: { ...leaf, verdictHash: new Uint8Array(31) } })).toBe(false)
  expect(verifyWorkProof({ ...proof, leaf: { ...leaf, index: -1 } })).toBe(false)
})

test('error: a leaf out of place or out of bounds', () => {
  const leaf: WorkLeaf = {
    index: 0,
    work: [0n, 0n, 0n, 0n],
    verdictHash: new Uint8Array(32),
    verdictCount: 0,
  }
  expect(() => buildWorkTree([leaf, leaf])).toThrow(/position 1 has index 0/)
  expect(() => buildWorkTree([{ ...leaf, work: [0n, 2n ** 96n, 0n, 0n] }])).toThrow(/work 1 of a leaf/)
  expect(() => buildWorkTree([{ ...leaf, verdictHash: new Uint8Array(33) }])).toThrow(/33 bytes/)
  expect(() => buildWorkTree([{ ...leaf, verdictCount: 2 ** 32 }])).toThrow(/verdictCount/)
})

test('default: nodes are read as they were written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), work, (hash, sums) => {
      expect(decodeWorkNode(encodeWorkNode({ hash, sums }))).toEqual({ hash, sums })
    }),
    { numRuns },
  )
})
