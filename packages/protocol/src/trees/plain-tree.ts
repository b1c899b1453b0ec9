import { equalBytes } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { treeDepth } from './tree-depth.ts'
import { TreeError } from './tree-error.ts'
import {
  childrenOf,
  hashPairs,
  leafLevelBytes,
  nodeAt,
  raiseLevels,
  siblingsOf,
  type TreeHashing,
} from './tree-levels.ts'
import type { TreeTags } from './tree-tags.ts'

const hashBytes = 32

/** A tree of hashes without sums: evidence, body, carry (spec 5). What it returns are copies. */
export interface PlainTree {
  /** 32 bytes. */
  readonly root: Uint8Array
  readonly depth: number
  /** Leaves; positions from here on are empty. */
  readonly count: number
  /** The siblings of `position`, from the leaf up. Throws TreeError `no_such_node` outside the tree. */
  proof(position: number): Uint8Array[]
  /** The node at `position` of `height`, the number of levels above the leaves. Throws TreeError `no_such_node`. */
  node(height: number, position: number): Uint8Array
  /** The two children of a node; `height` is at least 1. Throws TreeError `no_such_node`. */
  children(height: number, position: number): [left: Uint8Array, right: Uint8Array]
}

/** The empty leaf of a kind of tree: the hash of its tag alone. */
export const emptyLeaf = (tags: TreeTags): Uint8Array => keccak256(Uint8Array.of(tags.empty))

/** How the plain trees of spec 5 hash: tagged, by position. */
export const plainHashing = (tags: TreeTags): TreeHashing => ({
  nodeTag: tags.node,
  width: hashBytes,
  empty: emptyLeaf(tags),
  pairOrder: 'position',
})

/**
 * Builds the tree over `leaves`, which holds 32 bytes for each leaf hash. It is copied.
 *
 * @param hashing from tags, or another system's, see {@link TreeHashing}.
 * @throws TreeError `leaf_size` when the bytes are not whole hashes.
 */
export const buildTree = (leaves: Uint8Array, hashing: TreeTags | TreeHashing): PlainTree => {
  const count = leaves.length / hashBytes
  if (!Number.isInteger(count)) throw wrongSize('The leaves', leaves.length, 'a multiple of 32')
  const level = new Uint8Array(leafLevelBytes(count, hashBytes))
  level.set(leaves)
  const levels = raiseLevels(level, count, 'width' in hashing ? hashing : plainHashing(hashing))
  return {
    root: nodeAt(levels, levels.depth, 0).slice(),
    depth: levels.depth,
    count,
    proof: (position) => {
      const siblings = siblingsOf(levels, position)
      return Array.from({ length: levels.depth }, (_, i) =>
        siblings.slice(i * hashBytes, (i + 1) * hashBytes),
      )
    },
    node: (height, position) => nodeAt(levels, height, position).slice(),
    children: (height, position) => childrenOf(levels, height, position),
  }
}

/**
 * The root that a leaf hash and its siblings lead to. Bit k of `position` says on which side the sibling of level k is
 * (0: on the right). To trust it, compare it with a known root and the number of siblings with `treeDepth(count)`:
 * {@link verifyProof} does.
 *
 * @throws TreeError `leaf_size` when a hash has not 32 bytes, `no_such_node` when `position` has more bits than there are siblings.
 */
export const rootFromProof = (
  leafHash: Uint8Array,
  position: number,
  siblings: readonly Uint8Array[],
  hashing: TreeTags | TreeHashing,
): Uint8Array => {
  const nodeHashing = 'width' in hashing ? hashing : plainHashing(hashing)
  requirePosition(position, siblings.length)
  if (leafHash.length !== hashBytes) throw wrongSize('The leaf hash', leafHash.length, '32')
  const pair = new Uint8Array(2 * hashBytes)
  const node = leafHash.slice()
  let at = position
  for (const sibling of siblings) {
    if (sibling.length !== hashBytes) throw wrongSize('A sibling', sibling.length, '32')
    const isRight = at % 2 === 1
    pair.set(isRight ? sibling : node)
    pair.set(isRight ? node : sibling, hashBytes)
    hashPairs(pair, 1, node, nodeHashing)
    at = Math.floor(at / 2)
  }
  return node
}

/** What {@link verifyProof} is told about the tree and about one of its leaves. */
export interface PlainProof {
  readonly root: Uint8Array
  /** Leaves of the tree. */
  readonly count: number
  readonly position: number
  readonly leafHash: Uint8Array
  /** From the leaf up. */
  readonly siblings: readonly Uint8Array[]
}

/** Whether the leaf stands at `position` of the tree with that root and count. Total: a malformed proof is false. */
export const verifyProof = (proof: PlainProof, tags: TreeTags): boolean => {
  const { root, count, position, leafHash, siblings } = proof
  if (!Number.isInteger(position) || position < 0 || !(position < count)) return false
  if (siblings.length !== treeDepth(count)) return false
  if ([leafHash, ...siblings].some((hash) => hash.length !== hashBytes)) return false
  return equalBytes(rootFromProof(leafHash, position, siblings, tags), root)
}

const requirePosition = (position: number, depth: number): void => {
  if (Number.isInteger(position) && position >= 0 && position < 2 ** depth) return
  throw new TreeError({
    code: 'no_such_node',
    message: `Position ${position} comes with ${depth} siblings, which belong to a tree of ${2 ** depth} positions.`,
    fix: 'Pass the position that the siblings were taken for, and all of them.',
  })
}

const wrongSize = (what: string, found: number, expected: string): TreeError =>
  new TreeError({
    code: 'leaf_size',
    message: `${what} has ${found} bytes; expected ${expected}.`,
    fix: 'A hash is 32 bytes: pass hashes, one after the other.',
  })
