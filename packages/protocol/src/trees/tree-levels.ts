import { keccak256Pairs, keccak256Rows } from '../keccak/keccak256-rows.ts'
import { addPairSums } from './pair-sums.ts'
import { treeDepth } from './tree-depth.ts'
import { TreeError } from './tree-error.ts'

/** How the nodes of one kind of tree are made. */
export interface TreeHashing {
  /** Byte before a node's preimage; undefined for trees of other systems, which have none. */
  readonly nodeTag: number | undefined
  /** Bytes of a node: 32 of hash, and 16 for each sum. */
  readonly width: number
  /** Node at the positions that have no leaf, `width` bytes. */
  readonly empty: Uint8Array
  /** `sorted` puts the smaller child first, as trees of other systems do; those of spec 5 go by position. */
  readonly pairOrder: 'position' | 'sorted'
}

/**
 * All nodes of a tree, level by level from the leaves up, each level one run of bytes. Only nodes above a leaf are
 * stored, and one empty node where a level would end on a left child.
 */
export interface TreeLevels {
  readonly width: number
  /** Leaves. */
  readonly count: number
  readonly depth: number
  /** `stored[height]` begins with the node at position 0 of that height. */
  readonly stored: readonly Uint8Array[]
  /** `empty[height]` is the node with nothing but empty leaves below it. */
  readonly empty: readonly Uint8Array[]
}

/** Bytes that the level of `count` leaves needs: as many nodes, rounded up to whole pairs unless it is the top. */
export const leafLevelBytes = (count: number, width: number): number =>
  (treeDepth(count) === 0 ? 1 : count + (count % 2)) * width

/**
 * Raises the tree over `count` leaf nodes, which lie at the beginning of `leaves`; that has {@link leafLevelBytes}
 * bytes, belongs to the tree from here on, and is completed with an empty node where one is missing.
 *
 * @throws TreeError `sum_overflow` when a sum does not fit 128 bits.
 */
export const raiseLevels = (leaves: Uint8Array, count: number, hashing: TreeHashing): TreeLevels => {
  const { width } = hashing
  const depth = treeDepth(count)
  const stored = [leaves]
  const empty = [hashing.empty]
  let below = count
  if (count === 0) leaves.set(hashing.empty)
  for (let height = 1; height <= depth; height++) {
    const children = stored[height - 1]!
    if (below % 2 === 1) children.set(empty[height - 1]!, below * width)
    const nodes = Math.ceil(below / 2)
    const level = new Uint8Array((height === depth ? nodes : nodes + (nodes % 2)) * width)
    hashPairs(children, nodes, level, hashing)
    stored.push(level)
    empty.push(emptyAbove(empty[height - 1]!, hashing))
    below = nodes
  }
  return { width, count, depth, stored, empty }
}

/** Writes the parents of `pairs` pairs of neighbours to `out`, hash and sums. */
export const hashPairs = (
  children: Uint8Array,
  pairs: number,
  out: Uint8Array,
  { nodeTag, width, pairOrder }: TreeHashing,
): void => {
  const ordered = pairOrder === 'sorted' ? sortPairs(children, pairs, width) : children
  if (nodeTag === undefined) keccak256Rows(ordered, 2 * width, out, width, pairs)
  else keccak256Pairs(nodeTag, ordered, width, pairs, out, width)
  if (width > 32) addPairSums(children, width, pairs, out)
}

/** The node whose two children are both `empty`. */
export const emptyAbove = (empty: Uint8Array, hashing: TreeHashing): Uint8Array => {
  const pair = new Uint8Array(2 * hashing.width)
  pair.set(empty)
  pair.set(empty, hashing.width)
  const parent = new Uint8Array(hashing.width)
  hashPairs(pair, 1, parent, hashing)
  return parent
}

/** The node at `position` of `height` (levels above the leaves); a view on the tree, to be copied before it is given away. */
export const nodeAt = (
  { width, depth, stored, empty }: TreeLevels,
  height: number,
  position: number,
): Uint8Array => {
  requirePlace(depth, height, position)
  const level = stored[height]!
  const start = position * width
  return start < level.length ? level.subarray(start, start + width) : empty[height]!
}

/** Siblings of the leaf at `position`, from the leaf up, `width` bytes each (spec 5, "Shape"). */
export const siblingsOf = (levels: TreeLevels, position: number): Uint8Array => {
  requirePlace(levels.depth, 0, position)
  const siblings = new Uint8Array(levels.depth * levels.width)
  let at = position
  for (let height = 0; height < levels.depth; height++) {
    siblings.set(nodeAt(levels, height, at % 2 === 0 ? at + 1 : at - 1), height * levels.width)
    at = Math.floor(at / 2)
  }
  return siblings
}

/** What proves the `count` neighbours from `first` on together: siblings in the order they are used (spec 5, "Multiproof"). */
export const multiproofOf = (levels: TreeLevels, first: number, count: number): Uint8Array => {
  requireRun(levels.count, first, count)
  const siblings: Uint8Array[] = []
  let left = first
  let right = first + count - 1
  for (let height = 0; height < levels.depth; height++) {
    if (left % 2 === 1) siblings.push(nodeAt(levels, height, left - 1))
    if (right % 2 === 0) siblings.push(nodeAt(levels, height, right + 1))
    left = Math.floor(left / 2)
    right = Math.floor(right / 2)
  }
  const proof = new Uint8Array(siblings.length * levels.width)
  siblings.forEach((sibling, i) => {
    proof.set(sibling, i * levels.width)
  })
  return proof
}

/** The two children of the node at `position` of `height`, which is at least 1; copies. */
export const childrenOf = (
  levels: TreeLevels,
  height: number,
  position: number,
): [left: Uint8Array, right: Uint8Array] => {
  requirePlace(levels.depth, height, position)
  if (height === 0) {
    throw new TreeError({
      code: 'no_such_node',
      message: `Height 0 was asked for the children of position ${position}. Leaves have none.`,
      fix: `Ask for a height from 1 to the tree's depth, which is ${levels.depth}, or for the leaf itself.`,
    })
  }
  const left = nodeAt(levels, height - 1, 2 * position)
  const right = nodeAt(levels, height - 1, 2 * position + 1)
  return [left.slice(), right.slice()]
}

const sortPairs = (children: Uint8Array, pairs: number, width: number): Uint8Array => {
  const sorted = children.slice(0, 2 * pairs * width)
  for (let pair = 0; pair < pairs; pair++) {
    const left = 2 * pair * width
    const right = left + width
    let i = 0
    while (i < width && children[left + i] === children[right + i]) i++
    if (i === width || children[left + i]! < children[right + i]!) continue
    sorted.copyWithin(left, right, right + width)
    sorted.set(children.subarray(left, right), right)
  }
  return sorted
}

const requirePlace = (depth: number, height: number, position: number): void => {
  const inTree = Number.isInteger(height) && height >= 0 && height <= depth
  if (inTree && Number.isInteger(position) && position >= 0 && position < 2 ** (depth - height)) return
  throw new TreeError({
    code: 'no_such_node',
    message: `Position ${position} of height ${height} was asked of a tree of depth ${depth}, which has no such node.`,
    fix: 'Heights go from 0 (leaves) to the depth, and height h has 2^(depth − h) positions, from 0.',
  })
}

const requireRun = (leaves: number, first: number, count: number): void => {
  const whole = Number.isInteger(first) && Number.isInteger(count)
  if (whole && first >= 0 && count >= 1 && first + count <= leaves) return
  throw new TreeError({
    code: 'no_such_run',
    message: `A multiproof of ${count} leaves from position ${first} was asked of a tree of ${leaves} leaves.`,
    fix: 'Ask for at least one leaf, and for positions that all have a leaf.',
  })
}
