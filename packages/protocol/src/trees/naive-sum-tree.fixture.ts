import fc from 'fast-check'
import { expect } from 'vitest'
import { concatBytes, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { encodeWorkNode, type Work4, type WorkNode } from './work-node.ts'
import type { WorkSumTree } from './work-sum-tree.ts'

/** Spec 5 read aloud, for any tree of sums: leaves as preimages and amounts, nodes as hash and sums. */
export interface NaiveNode {
  hash: Uint8Array
  sums: bigint[]
}
export const naive = (
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
export const uint128 = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * (15 - i))) & 0xffn))

/** The bytes with one bit changed. */
export const flipBit = (bytes: Uint8Array, pick: number): Uint8Array => {
  const flipped = bytes.slice()
  const bit = pick % (flipped.length * 8)
  flipped[Math.floor(bit / 8)]! ^= 1 << (bit % 8)
  return flipped
}

/** Work of a leaf: often 0, up to 96 bits. */
const amount = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 96n - 1n }))
export const work: fc.Arbitrary<Work4> = fc.tuple(amount, amount, amount, amount)
/** The tree's top is the expected one. */
export const expectSame = (tree: WorkNode, expected: NaiveNode): void => {
  expect(toHex(tree.hash)).toBe(toHex(expected.hash))
  expect(tree.sums).toEqual(expected.sums)
}

/** At every height, children hash and add up to their node. */
export const expectChildrenAddUp = (tree: WorkSumTree, nodeTag: number): void => {
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
