import { keccak256 } from '../keccak/keccak256.ts'
import { keccak256TaggedRows } from '../keccak/keccak256-rows.ts'
import { TreeError } from './tree-error.ts'
import {
  childrenOf,
  leafLevelBytes,
  multiproofOf,
  nodeAt,
  raiseLevels,
  siblingsOf,
  type TreeHashing,
} from './tree-levels.ts'
import type { TreeTags } from './tree-tags.ts'

const hashBytes = 32
const sumBytes = 16

/** Leaves written at a time: few enough that their preimages stay in the cache. */
const leavesAtOnce = 2048

/** How one kind of sum tree turns a leaf's fields into a node. */
export interface SumTreeKind {
  readonly tags: TreeTags
  /** Bytes of a leaf's preimage without its tag. */
  readonly leafBytes: number
  /** Sums in a node, which are as many amounts in a leaf. */
  readonly sums: number
  /** Where the amounts begin in the preimage, and the bytes of each, big-endian; a multiple of 4. */
  readonly amountsAt: number
  readonly amountBytes: number
}

/**
 * The leaves of a sum tree, written on demand, so that a million of them need not exist as objects. A tree keeps its
 * source for `leafBytes`: what it writes must not change while the tree is in use.
 */
export interface LeafSource {
  readonly count: number
  /** Writes the preimages (without tag) of the `count` leaves from position `first` on to the beginning of `rows`. */
  write(rows: Uint8Array, first: number, count: number): void
}

/** A sum tree in bytes: a node is its hash (32) and then its sums, u128 each. What it returns are copies. */
export interface SumTree {
  readonly depth: number
  readonly count: number
  /** The node at `position` of `height`, levels above the leaves. Throws TreeError `no_such_node`. */
  node(height: number, position: number): Uint8Array
  /** Siblings from the leaf up, one node each, without anything between them. Throws TreeError `no_such_node`. */
  proof(position: number): Uint8Array
  /** Siblings of a run of neighbours in the order of spec 5, "Multiproof". Throws TreeError `no_such_run`. */
  multiproof(first: number, count: number): Uint8Array
  /** The two children of a node; `height` is at least 1. Throws TreeError `no_such_node`. */
  children(height: number, position: number): [left: Uint8Array, right: Uint8Array]
  /** The leaf's preimage without its tag; no bytes for an empty leaf. Throws TreeError `no_such_node`. */
  leafBytes(position: number): Uint8Array
}

/** Bytes of a node of this kind: 48 in a payout tree, 96 in work and verdict trees. */
export const nodeBytes = (kind: SumTreeKind): number => hashBytes + kind.sums * sumBytes

/** How nodes of this kind are hashed. */
export const sumHashing = (kind: SumTreeKind): TreeHashing => {
  const empty = new Uint8Array(nodeBytes(kind))
  empty.set(keccak256(Uint8Array.of(kind.tags.empty)))
  return { nodeTag: kind.tags.node, width: nodeBytes(kind), empty, pairOrder: 'position' }
}

/** Writes the nodes of the `count` leaves whose preimages are in `rows`. */
export const writeLeafNodes = (
  kind: SumTreeKind,
  rows: Uint8Array,
  count: number,
  nodes: Uint8Array,
): void => {
  const { tags, leafBytes, sums, amountsAt, amountBytes } = kind
  const width = nodeBytes(kind)
  keccak256TaggedRows(tags.leaf, rows, leafBytes, nodes, width, count)
  const from = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  const to = new DataView(nodes.buffer, nodes.byteOffset, nodes.byteLength)
  for (let leaf = 0; leaf < count; leaf++) {
    for (let sum = 0; sum < sums; sum++) {
      const amount = leaf * leafBytes + amountsAt + sum * amountBytes
      const end = leaf * width + hashBytes + (sum + 1) * sumBytes
      for (let i = 0; i < amountBytes; i += 4) to.setUint32(end - amountBytes + i, from.getUint32(amount + i))
    }
  }
}

/**
 * Builds a sum tree from its leaves.
 *
 * @throws TreeError `sum_overflow` when a sum does not fit 128 bits, and what the source throws.
 */
export const buildSumTree = (kind: SumTreeKind, source: LeafSource): SumTree => {
  const width = nodeBytes(kind)
  const { count } = source
  const leaves = new Uint8Array(leafLevelBytes(count, width))
  const rows = new Uint8Array(Math.min(count, leavesAtOnce) * kind.leafBytes)
  for (let first = 0; first < count; first += leavesAtOnce) {
    const some = Math.min(leavesAtOnce, count - first)
    source.write(rows, first, some)
    writeLeafNodes(kind, rows, some, leaves.subarray(first * width, (first + some) * width))
  }
  const levels = raiseLevels(leaves, count, sumHashing(kind))
  return {
    depth: levels.depth,
    count,
    node: (height, position) => nodeAt(levels, height, position).slice(),
    proof: (position) => siblingsOf(levels, position),
    multiproof: (first, some) => multiproofOf(levels, first, some),
    children: (height, position) => childrenOf(levels, height, position),
    leafBytes: (position) => {
      const node = nodeAt(levels, 0, position)
      return position < count ? readLeaf(kind, source, position, node) : new Uint8Array()
    },
  }
}

const readLeaf = (kind: SumTreeKind, source: LeafSource, position: number, node: Uint8Array): Uint8Array => {
  const row = new Uint8Array(kind.leafBytes)
  source.write(row, position, 1)
  const again = new Uint8Array(node.length)
  writeLeafNodes(kind, row, 1, again)
  if (again.every((byte, i) => byte === node[i])) return row
  throw new TreeError({
    code: 'leaf_value',
    message: `The leaf at position ${position} is not what it was when the tree was built.`,
    fix: 'Leave what a tree was built from unchanged while the tree is in use.',
  })
}
