import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { bodyLeaf, bodyTree } from './body-tree.ts'
import { createEvidenceFrontier } from './evidence-frontier.ts'
import { evidenceLeaf, evidenceTree } from './evidence-tree.ts'
import { buildTree, emptyLeaf, type PlainTree, rootFromProof, verifyProof } from './plain-tree.ts'
import { treeDepth } from './tree-depth.ts'
import { bodyTags, carryTags, evidenceTags, type TreeTags } from './tree-tags.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 100)

/** Spec 5 read aloud: the node over 2^depth positions, of which only the first ones have a leaf. */
const naive = (leaves: readonly Uint8Array[], depth: number, tags: TreeTags): Uint8Array => {
  if (depth === 0) return leaves[0] ?? keccak256(Uint8Array.of(tags.empty))
  const half = 2 ** (depth - 1)
  const left = naive(leaves.slice(0, half), depth - 1, tags)
  const right = naive(leaves.slice(half), depth - 1, tags)
  return keccak256(concatBytes(Uint8Array.of(tags.node), left, right))
}

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const leafHashes = fc.array(hash, { maxLength: 70 })
const anyTags = fc.constantFrom(evidenceTags, bodyTags, carryTags)

describe('plain trees', () => {
  test('default: no leaf is the empty leaf, one leaf is the leaf itself', () => {
    const leaf = new Uint8Array(32).fill(7)
    expect(buildTree(new Uint8Array(), evidenceTags)).toMatchObject({
      root: keccak256(Uint8Array.of(0x02)),
      depth: 0,
      count: 0,
    })
    expect(buildTree(leaf, evidenceTags)).toMatchObject({ root: leaf, depth: 0, count: 1 })
  })

  test('default: depth is the logarithm of the leaf count, rounded up', () => {
    expect([0, 1, 2, 3, 4, 5, 8, 9, 2 ** 20, 2 ** 20 + 1].map(treeDepth)).toEqual([
      0, 0, 1, 2, 2, 3, 3, 4, 20, 21,
    ])
  })

  test('behavior: the builder agrees with a recursive reading of the spec', () => {
    fc.assert(
      fc.property(leafHashes, anyTags, (leaves, tags) => {
        const tree = buildTree(concatBytes(...leaves), tags)
        expect(toHex(tree.root)).toBe(toHex(naive(leaves, treeDepth(leaves.length), tags)))
      }),
      { numRuns },
    )
  })

  test('behavior: every proof holds, and fails with any bit flipped', () => {
    fc.assert(
      fc.property(
        fc.array(hash, { minLength: 1, maxLength: 40 }),
        anyTags,
        fc.nat(),
        fc.nat(),
        (leaves, tags, pick, flip) => {
          const tree = buildTree(concatBytes(...leaves), tags)
          const position = pick % leaves.length
          const proof = {
            root: tree.root,
            count: tree.count,
            position,
            leafHash: leaves[position]!,
            siblings: tree.proof(position),
          }
          expect(verifyProof(proof, tags)).toBe(true)
          const parts = [proof.leafHash, ...proof.siblings].map((part) => part.slice())
          const bit = flip % (parts.length * 256)
          parts[Math.floor(bit / 256)]![Math.floor((bit % 256) / 8)]! ^= 1 << (bit % 8)
          expect(verifyProof({ ...proof, leafHash: parts[0]!, siblings: parts.slice(1) }, tags)).toBe(false)
        },
      ),
      { numRuns },
    )
  })

  test('behavior: a proof of another position, length or count does not hold', () => {
    const leaves = Array.from({ length: 5 }, (_, i) => evidenceLeaf(new Uint8Array(32).fill(i)))
    const tree = buildTree(concatBytes(...leaves), evidenceTags)
    const proof = { root: tree.root, count: 5, position: 2, leafHash: leaves[2]!, siblings: tree.proof(2) }
    expect(verifyProof(proof, evidenceTags)).toBe(true)
    expect(verifyProof({ ...proof, position: 3 }, evidenceTags)).toBe(false)
    expect(verifyProof({ ...proof, position: -1 }, evidenceTags)).toBe(false)
    expect(verifyProof({ ...proof, count: 2 }, evidenceTags)).toBe(false)
    expect(verifyProof({ ...proof, count: 9 }, evidenceTags)).toBe(false)
    expect(verifyProof({ ...proof, siblings: proof.siblings.slice(1) }, evidenceTags)).toBe(false)
    expect(verifyProof({ ...proof, siblings: [new Uint8Array(31), ...proof.siblings] }, evidenceTags)).toBe(
      false,
    )
    expect(verifyProof(proof, bodyTags)).toBe(false)
  })

  test('behavior: an empty position has a path but can not be claimed', () => {
    const tree = evidenceTree(new Uint8Array(3 * 32))
    const [leafHash, siblings] = [emptyLeaf(evidenceTags), tree.proof(3)]
    expect(rootFromProof(leafHash, 3, siblings, evidenceTags)).toEqual(tree.root)
    expect(verifyProof({ root: tree.root, count: 3, position: 3, leafHash, siblings }, evidenceTags)).toBe(
      false,
    )
  })

  test('behavior: children hash to the node above them, from the top to every leaf', () => {
    fc.assert(
      fc.property(leafHashes, anyTags, (leaves, tags) => {
        const tree = buildTree(concatBytes(...leaves), tags)
        expect(tree.node(tree.depth, 0)).toEqual(tree.root)
        walk(tree, tree.depth, 0, tags)
      }),
      { numRuns: Math.min(numRuns, 100) },
    )
  })

  test('behavior: a changed input or answer does not change the tree', () => {
    const leaves = new Uint8Array(64).fill(1)
    const tree = buildTree(leaves, bodyTags)
    const before = toHex(tree.proof(0)[0]!)
    leaves.fill(2)
    tree.proof(0)[0]!.fill(3)
    tree.children(1, 0)[1].fill(4)
    expect(toHex(tree.proof(0)[0]!)).toBe(before)
  })

  test('error: what is not a whole hash, and what is not in the tree', () => {
    const tree = buildTree(new Uint8Array(96), bodyTags)
    expect(() => buildTree(new Uint8Array(33), bodyTags)).toThrow(/33 bytes/)
    expect(() => tree.proof(4)).toThrow(/Position 4 of height 0/)
    expect(() => tree.node(2, 1)).toThrow(/no such node/)
    expect(() => tree.node(0.5, 0)).toThrow(/no such node/)
    expect(() => tree.children(0, 0)).toThrow(/Leaves have none/)
    expect(() => rootFromProof(new Uint8Array(32), 2, [new Uint8Array(32)], bodyTags)).toThrow(/Position 2/)
    expect(() => rootFromProof(new Uint8Array(31), 0, [], bodyTags)).toThrow(/31 bytes/)
    expect(() => rootFromProof(new Uint8Array(32), 0, [new Uint8Array(1)], bodyTags)).toThrow(/1 bytes/)
  })
})

describe('evidence and body trees', () => {
  test('default: leaves are tagged hashes', () => {
    const reportHash = new Uint8Array(32).fill(9)
    expect(evidenceLeaf(reportHash)).toEqual(keccak256(concatBytes(Uint8Array.of(0x00), reportHash)))
    expect(bodyLeaf(Uint8Array.of(1, 2))).toEqual(keccak256(Uint8Array.of(0x10, 1, 2)))
    expect(evidenceTree(reportHash).root).toEqual(evidenceLeaf(reportHash))
    expect(bodyTree([Uint8Array.of(1, 2), new Uint8Array()]).root).toEqual(
      keccak256(concatBytes(Uint8Array.of(0x11), bodyLeaf(Uint8Array.of(1, 2)), bodyLeaf(new Uint8Array()))),
    )
  })

  test('behavior: the frontier has the root of the whole tree after every append', () => {
    const frontier = createEvidenceFrontier()
    expect(frontier.root()).toEqual(evidenceTree(new Uint8Array()).root)
    const all = new Uint8Array(70 * 32)
    for (let count = 1; count <= 70; count++) {
      const reportHash = keccak256(Uint8Array.of(count))
      all.set(reportHash, (count - 1) * 32)
      frontier.append(reportHash)
      expect(frontier.count).toBe(count)
      expect(toHex(frontier.root())).toBe(toHex(evidenceTree(all.subarray(0, count * 32)).root))
    }
  })

  test('error: the frontier takes only whole hashes', () => {
    expect(() => createEvidenceFrontier().append(new Uint8Array(31))).toThrow(/31 bytes/)
    expect(() => createEvidenceFrontier().append(new Uint8Array(64))).toThrow(/64 bytes/)
  })
})

/** Checks every node below this one that is above a leaf, and one empty node beside them. */
const walk = (tree: PlainTree, height: number, position: number, tags: TreeTags): void => {
  if (height === 0 || position * 2 ** height > tree.count) return
  const [left, right] = tree.children(height, position)
  expect(keccak256(concatBytes(Uint8Array.of(tags.node), left, right))).toEqual(tree.node(height, position))
  expect(left).toEqual(tree.node(height - 1, 2 * position))
  walk(tree, height - 1, 2 * position, tags)
  walk(tree, height - 1, 2 * position + 1, tags)
}
