import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concatBytes, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { flipBit, naive, uint128 } from './naive-sum-tree.fixture.ts'
import {
  buildPayoutTree,
  decodePayoutNode,
  encodePayoutLeaf,
  encodePayoutNode,
  type PayoutNode,
  payoutMultiproofSiblings,
  payoutTop,
  verifyPayoutMultiproof,
  verifyPayoutProof,
} from './payout-tree.ts'
import { treeDepth } from './tree-depth.ts'
import { payoutTags } from './tree-tags.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 100)

const cumulative = fc.bigInt({ min: 0n, max: 2n ** 120n })
const cumulatives = fc.array(cumulative, { minLength: 1, maxLength: 40 })

test('default: no device is the empty leaf, one device its leaf', () => {
  expect(buildPayoutTree([])).toMatchObject({
    hash: keccak256(Uint8Array.of(0x22)),
    sum: 0n,
    depth: 0,
    count: 0,
  })
  const leaf = concatBytes(Uint8Array.of(0x20, 0, 0, 0, 0), uint128(5n))
  expect(buildPayoutTree([5n])).toMatchObject({ hash: keccak256(leaf), sum: 5n, depth: 0, count: 1 })
})

test('default: the payout top hashes the tag, the hash and the sum', () => {
  const hash = new Uint8Array(32).fill(3)
  expect(payoutTop(hash, 9n)).toEqual(keccak256(concatBytes(Uint8Array.of(0x2f), hash, uint128(9n))))
})

test('behavior: the builder agrees with a recursive reading of the spec', () => {
  fc.assert(
    fc.property(fc.array(cumulative, { maxLength: 70 }), (amounts) => {
      const tree = buildPayoutTree(amounts)
      const leaves = amounts.map((sum, i) => ({ bytes: encodePayoutLeaf(i, sum), amounts: [sum] }))
      const expected = naive(leaves, treeDepth(amounts.length), payoutTags, 1)
      expect(toHex(tree.hash)).toBe(toHex(expected.hash))
      expect(tree.sum).toBe(expected.sums[0])
      expect(tree.sum).toBe(amounts.reduce((sum, each) => sum + each, 0n))
    }),
    { numRuns },
  )
})

test('behavior: pairs of 64-bit halves give the same tree as bigints', () => {
  fc.assert(
    fc.property(cumulatives, (amounts) => {
      const halves = BigUint64Array.from(amounts.flatMap((sum) => [sum >> 64n, sum & (2n ** 64n - 1n)]))
      expect(buildPayoutTree(halves).hash).toEqual(buildPayoutTree(amounts).hash)
      expect(buildPayoutTree(halves).leafAt(0)).toEqual({ index: 0, cumulative: amounts[0] })
    }),
    { numRuns },
  )
})

test('behavior: every proof holds, and fails with a bit flipped or another amount or index', () => {
  fc.assert(
    fc.property(cumulatives, fc.nat(), fc.nat(), (amounts, pick, bit) => {
      const { hash, sum, count, proof } = buildPayoutTree(amounts)
      const index = pick % amounts.length
      const claim = {
        top: { hash, sum },
        count,
        index,
        cumulative: amounts[index]!,
        siblings: proof(index),
      }
      expect(verifyPayoutProof(claim)).toBe(true)
      expect(verifyPayoutProof({ ...claim, cumulative: claim.cumulative ^ (1n << BigInt(bit % 128)) })).toBe(
        false,
      )
      expect(verifyPayoutProof({ ...claim, index: index ^ (1 << (bit % 31)) })).toBe(false)
      expect(verifyPayoutProof({ ...claim, top: { hash: flipBit(hash, bit), sum } })).toBe(false)
      expect(verifyPayoutProof({ ...claim, top: { hash, sum: sum ^ (1n << BigInt(bit % 128)) } })).toBe(false)
      if (claim.siblings.length === 0) return
      expect(verifyPayoutProof({ ...claim, siblings: flipBit(claim.siblings, bit) })).toBe(false)
    }),
    { numRuns },
  )
})

test('behavior: a multiproof holds for its run alone, and agrees with single proofs', () => {
  fc.assert(
    fc.property(cumulatives, fc.nat(), fc.nat(), fc.nat(), (amounts, a, b, bit) => {
      const tree = buildPayoutTree(amounts)
      const first = a % amounts.length
      const run = 1 + (b % (amounts.length - first))
      const siblings = tree.multiproof(first, run)
      const claim = {
        top: { hash: tree.hash, sum: tree.sum },
        count: tree.count,
        first,
        cumulatives: amounts.slice(first, first + run),
        siblings,
      }
      expect(siblings.length).toBe(48 * payoutMultiproofSiblings(tree.count, first, run))
      expect(verifyPayoutMultiproof(claim)).toBe(true)
      if (run === 1) expect(siblings).toEqual(tree.proof(first))
      for (let i = 0; i < run; i++) {
        const index = first + i
        const single = {
          top: claim.top,
          count: tree.count,
          index,
          cumulative: amounts[index]!,
          siblings: tree.proof(index),
        }
        expect(verifyPayoutProof(single)).toBe(true)
      }
      expect(verifyPayoutMultiproof({ ...claim, first: first + 1 })).toBe(false)
      expect(verifyPayoutMultiproof({ ...claim, cumulatives: claim.cumulatives.slice(1) })).toBe(false)
      const wrong = claim.cumulatives.with(bit % run, claim.cumulatives[bit % run]! + 1n)
      expect(verifyPayoutMultiproof({ ...claim, cumulatives: wrong })).toBe(false)
      if (siblings.length > 0) {
        expect(verifyPayoutMultiproof({ ...claim, siblings: flipBit(siblings, bit) })).toBe(false)
      }
    }),
    { numRuns },
  )
})

test('default: a multiproof lists siblings level by level, left before right', () => {
  const tree = buildPayoutTree([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n])
  const siblings = [tree.node(0, 2), tree.node(0, 5), tree.node(1, 0), tree.node(1, 3)]
  expect(tree.multiproof(3, 2)).toEqual(concatBytes(...siblings.map(encodePayoutNode)))
  expect(tree.multiproof(0, 8)).toEqual(new Uint8Array())
  expect(tree.multiproof(2, 1)).toEqual(tree.proof(2))
})

test('behavior: every run of a tree of 13 has a multiproof', () => {
  const amounts = Array.from({ length: 13 }, (_, i) => BigInt(i * i))
  const tree = buildPayoutTree(amounts)
  for (let first = 0; first < 13; first++) {
    for (let run = 1; first + run <= 13; run++) {
      const claim = {
        top: { hash: tree.hash, sum: tree.sum },
        count: 13,
        first,
        cumulatives: amounts.slice(first, first + run),
        siblings: tree.multiproof(first, run),
      }
      expect(verifyPayoutMultiproof(claim)).toBe(true)
    }
  }
})

test('behavior: children hash and add up to the node above them, down to leaves and empty leaves', () => {
  fc.assert(
    fc.property(cumulatives, (amounts) => {
      const tree = buildPayoutTree(amounts)
      for (let height = 1; height <= tree.depth; height++) {
        for (let position = 0; position < 2 ** (tree.depth - height); position++) {
          const [left, right] = tree.children(height, position)
          const node = tree.node(height, position)
          const preimage = [Uint8Array.of(0x21), encodePayoutNode(left), encodePayoutNode(right)]
          expect(keccak256(concatBytes(...preimage))).toEqual(node.hash)
          expect(left.sum + right.sum).toBe(node.sum)
        }
      }
      expect(tree.node(tree.depth, 0)).toEqual({ hash: tree.hash, sum: tree.sum })
    }),
    { numRuns: Math.min(numRuns, 100) },
  )
})

test('behavior: a proof with a sibling too many, one too few or a byte too many does not hold', () => {
  const tree = buildPayoutTree([1n, 2n, 3n, 4n, 5n])
  const siblings = tree.multiproof(1, 2)
  const claim = { top: { hash: tree.hash, sum: tree.sum }, count: 5, first: 1, cumulatives: [2n, 3n] }
  expect(verifyPayoutMultiproof({ ...claim, siblings })).toBe(true)
  for (const wrong of [
    concatBytes(siblings, new Uint8Array(48)),
    concatBytes(siblings, Uint8Array.of(0)),
    siblings.slice(0, -48),
    siblings.slice(48),
  ]) {
    expect(verifyPayoutMultiproof({ ...claim, siblings: wrong })).toBe(false)
  }
})

test('behavior: an empty leaf can not be claimed', () => {
  const tree = buildPayoutTree([1n, 2n, 3n])
  const claim = {
    top: { hash: tree.hash, sum: tree.sum },
    count: 3,
    index: 3,
    cumulative: 0n,
    siblings: tree.proof(3),
  }
  expect(verifyPayoutProof(claim)).toBe(false)
  expect(verifyPayoutProof({ ...claim, count: 4 })).toBe(false)
  expect(tree.leafBytes(3)).toEqual(new Uint8Array())
  expect(tree.leafBytes(2)).toEqual(encodePayoutLeaf(2, 3n))
})

test('behavior: a proof whose sums leave 128 bits does not hold', () => {
  const siblings = encodePayoutNode({ hash: new Uint8Array(32), sum: 2n ** 128n - 1n })
  const top: PayoutNode = { hash: new Uint8Array(32), sum: 0n }
  expect(verifyPayoutProof({ top, count: 2, index: 0, cumulative: 1n, siblings })).toBe(false)
  expect(verifyPayoutProof({ top, count: 2, index: 0, cumulative: -1n, siblings })).toBe(false)
  expect(verifyPayoutProof({ top, count: 2, index: 0.5, cumulative: 1n, siblings })).toBe(false)
})

test('error: amounts and sums beyond 128 bits, half an amount, a device that does not stand there', () => {
  expect(() => buildPayoutTree([2n ** 128n])).toThrow(/cumulative of a leaf/)
  expect(() => buildPayoutTree([-1n])).toThrow(/cumulative of a leaf/)
  expect(() => buildPayoutTree([2n ** 128n - 1n, 1n])).toThrow(/add up to 2\^128/)
  expect(() => buildPayoutTree(new BigUint64Array(3))).toThrow(/not whole amounts/)
  expect(() => buildPayoutTree([1n, 2n, 3n]).leafAt(3)).toThrow(/Device 3/)
  expect(() => buildPayoutTree([1n, 2n, 3n]).multiproof(1, 3)).toThrow(/3 leaves from position 1/)
  expect(() => buildPayoutTree([1n, 2n, 3n]).multiproof(1, 0)).toThrow(/0 leaves/)
  expect(() => encodePayoutNode({ hash: new Uint8Array(31), sum: 0n })).toThrow(/31 bytes/)
})

test('error: an amount that changed after the tree was built', () => {
  const amounts = [1n, 2n]
  const tree = buildPayoutTree(amounts)
  amounts[1] = 3n
  expect(() => tree.leafBytes(1)).toThrow(/not what it was/)
})

test('default: nodes are read as they were written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), cumulative, (hash, sum) => {
      expect(decodePayoutNode(encodePayoutNode({ hash, sum }))).toEqual({ hash, sum })
    }),
    { numRuns },
  )
})
