import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
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
import { payoutTags, verdictTags, workTags } from './tree-tags.ts'
import {
  buildVerdictTree,
  encodeVerdictEntry,
  type VerdictEntry,
  verifyVerdictProof,
} from './verdict-tree.ts'
import { decodeWorkNode, encodeWorkNode, type Work4, type WorkNode } from './work-node.ts'
import type { WorkSumTree } from './work-sum-tree.ts'
import {
  buildWorkTree,
  encodeWorkLeaf,
  verdictTop,
  verifyWorkProof,
  type WorkLeaf,
  workLeafBytes,
  writeWorkLeaf,
} from './work-tree.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 100)

const cumulative = fc.bigInt({ min: 0n, max: 2n ** 120n })
const cumulatives = fc.array(cumulative, { minLength: 1, maxLength: 40 })
const amount = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }))
const work: fc.Arbitrary<Work4> = fc.tuple(amount, amount, amount, amount)
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
const u16 = fc.integer({ min: 0, max: 2 ** 16 - 1 })
const entries: fc.Arbitrary<VerdictEntry[]> = fc
  .uniqueArray(fc.record({ slot: u32, index: u32, observation: u16, reason: u16, work }), {
    selector: ({ slot, index, observation }) => `${slot}/${index}/${observation}`,
    maxLength: 40,
  })
  .map((all) => all.sort((a, b) => a.slot - b.slot || a.index - b.index || a.observation - b.observation))

/** Spec 5 read aloud, for any tree of sums: leaves as preimages and amounts, nodes as hash and sums. */
interface NaiveNode {
  hash: Uint8Array
  sums: bigint[]
}
const naive = (
  leaves: readonly { bytes: Uint8Array; amounts: readonly bigint[] }[],
  depth: number,
  tags: { leaf: number; node: number; empty: number },
  programs: number,
): NaiveNode => {
  if (depth === 0) {
    const leaf = leaves[0]
    if (leaf === undefined) {
      return { hash: keccak256(Uint8Array.of(tags.empty)), sums: Array(programs).fill(0n) }
    }
    return { hash: keccak256(concatBytes(Uint8Array.of(tags.leaf), leaf.bytes)), sums: [...leaf.amounts] }
  }
  const half = 2 ** (depth - 1)
  const left = naive(leaves.slice(0, half), depth - 1, tags, programs)
  const right = naive(leaves.slice(half), depth - 1, tags, programs)
  const encode = ({ hash, sums }: NaiveNode) => concatBytes(hash, ...sums.map(uint128))
  return {
    hash: keccak256(concatBytes(Uint8Array.of(tags.node), encode(left), encode(right))),
    sums: left.sums.map((sum, i) => sum + right.sums[i]!),
  }
}
const uint128 = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 0xffn))

const flipBit = (bytes: Uint8Array, pick: number): Uint8Array => {
  const flipped = bytes.slice()
  const bit = pick % (flipped.length * 8)
  flipped[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
  return flipped
}

describe('payout tree', () => {
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
        expect(
          verifyPayoutProof({ ...claim, cumulative: claim.cumulative ^ (1n << BigInt(bit % 128)) }),
        ).toBe(false)
        expect(verifyPayoutProof({ ...claim, index: index ^ (1 << (bit % 31)) })).toBe(false)
        expect(verifyPayoutProof({ ...claim, top: { hash: flipBit(hash, bit), sum } })).toBe(false)
        expect(verifyPayoutProof({ ...claim, top: { hash, sum: sum ^ (1n << BigInt(bit % 128)) } })).toBe(
          false,
        )
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
})

describe('work tree', () => {
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
        const work = leaf.work.with(
          bit % 4,
          leaf.work[bit % 4]! ^ (1n << BigInt(bit % 96)),
        ) as unknown as Work4
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
})

describe('verdict tree', () => {
  test('default: a device without entries has the empty leaf', () => {
    expect(buildVerdictTree([])).toMatchObject({ hash: keccak256(Uint8Array.of(0x42)), count: 0 })
  })

  test('behavior: the builder agrees with a recursive reading of the spec', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const rows = all.map((entry) => ({ bytes: encodeVerdictEntry(entry), amounts: entry.work }))
        expectSame(buildVerdictTree(all), naive(rows, treeDepth(all.length), verdictTags, 4))
        expectChildrenAddUp(buildVerdictTree(all), 0x41)
      }),
      { numRuns },
    )
  })

  test('behavior: a proof holds under the work leaf of the device, and fails with a bit flipped', () => {
    fc.assert(
      fc.property(
        entries.filter((all) => all.length > 0 && all.length < 17),
        fc.nat(),
        fc.nat(),
        (all, pick, bit) => {
          const small = all.map((entry) => ({ ...entry, work: entry.work.map((each) => each >> 8n) }))
          const tree = buildVerdictTree(small as unknown as VerdictEntry[])
          const leaf: WorkLeaf = {
            index: 3,
            work: tree.sums,
            verdictHash: tree.hash,
            verdictCount: tree.count,
          }
          const position = pick % all.length
          const entry = small[position] as unknown as VerdictEntry
          const proof = {
            top: verdictTop(leaf),
            count: leaf.verdictCount,
            position,
            entry,
            siblings: tree.proof(position),
          }
          expect(verifyVerdictProof(proof)).toBe(true)
          expect(verifyVerdictProof({ ...proof, entry: { ...entry, reason: entry.reason ^ 1 } })).toBe(false)
          expect(verifyVerdictProof({ ...proof, entry: { ...entry, reason: 2 ** 16 } })).toBe(false)
          expect(verifyVerdictProof({ ...proof, position: position + tree.count })).toBe(false)
          if (proof.siblings.length > 0) {
            expect(verifyVerdictProof({ ...proof, siblings: flipBit(proof.siblings, bit) })).toBe(false)
          }
        },
      ),
      { numRuns },
    )
  })

  test('error: entries out of order, twice, or out of bounds', () => {
    const entry: VerdictEntry = { slot: 1, index: 1, observation: 1, reason: 0, work: [1n, 0n, 0n, 0n] }
    expect(() => buildVerdictTree([entry, entry])).toThrow(/position 1/)
    expect(() => buildVerdictTree([entry, { ...entry, slot: 0, index: 9 }])).toThrow(/position 1/)
    expect(() => buildVerdictTree([{ ...entry, observation: 2 ** 16 }])).toThrow(/observation of a leaf/)
    expect(() => buildVerdictTree([{ ...entry, work: [-1n, 0n, 0n, 0n] }])).toThrow(/work 0 of a leaf/)
  })
})

test('default: nodes are read as they were written', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), cumulative, work, (hash, sum, sums) => {
      expect(decodePayoutNode(encodePayoutNode({ hash, sum }))).toEqual({ hash, sum })
      expect(decodeWorkNode(encodeWorkNode({ hash, sums }))).toEqual({ hash, sums })
    }),
    { numRuns },
  )
})

const expectSame = (tree: WorkNode, expected: NaiveNode): void => {
  expect(toHex(tree.hash)).toBe(toHex(expected.hash))
  expect(tree.sums).toEqual(expected.sums)
}

const expectChildrenAddUp = (tree: WorkSumTree, nodeTag: number): void => {
  for (let height = 1; height <= tree.depth; height++) {
    for (let position = 0; position < 2 ** (tree.depth - height); position++) {
      const [left, right] = tree.children(height, position)
      const node = tree.node(height, position)
      const preimage = concatBytes(Uint8Array.of(nodeTag), encodeWorkNode(left), encodeWorkNode(right))
      expect(keccak256(preimage)).toEqual(node.hash)
      expect(left.sums.map((sum, i) => sum + right.sums[i]!)).toEqual(node.sums)
    }
  }
}
