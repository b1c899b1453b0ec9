import { nodeBytes, type SumTreeKind, sumHashing, writeLeafNodes } from './sum-tree.ts'
import { treeDepth } from './tree-depth.ts'
import { TreeError } from './tree-error.ts'
import { hashPairs, type TreeHashing } from './tree-levels.ts'

/** A run of neighbouring leaves and what proves it; a single leaf is a run of one. */
export interface SumRun {
  /** Leaves of the whole tree. */
  readonly count: number
  /** Position of the first leaf of the run. */
  readonly first: number
  /** Preimages of the run's leaves without tag, one after the other. */
  readonly rows: Uint8Array
  /** Siblings in the order of spec 5, "Multiproof"; for one leaf that is from the leaf up. */
  readonly siblings: Uint8Array
}

/**
 * The top node (hash and sums) that a run and its siblings lead to, or undefined when they have not the right number
 * of bytes, when a position has no leaf, or when a sum does not fit 128 bits. Contracts compute the same (spec 5).
 */
export const topFromProof = (
  kind: SumTreeKind,
  { count, first, rows, siblings }: SumRun,
): Uint8Array | undefined => {
  const width = nodeBytes(kind)
  const run = rows.length / kind.leafBytes
  if (!Number.isInteger(run) || run < 1) return undefined
  if (!Number.isInteger(first) || first < 0 || !(first + run <= count)) return undefined
  if (siblings.length !== multiproofBytes(kind, { count, first, run })) return undefined
  // Room for one sibling on either side of the run.
  const nodes = new Uint8Array((run + 2) * width)
  writeLeafNodes(kind, rows, run, nodes.subarray(width))
  try {
    return raise(nodes, { first, run, depth: treeDepth(count), siblings }, sumHashing(kind))
  } catch (error) {
    if (error instanceof TreeError && error.code === 'sum_overflow') return undefined
    throw error
  }
}

/** Bytes of the proof of `run` neighbours from `first` on, in a tree of `count` leaves. */
export const multiproofBytes = (
  kind: SumTreeKind,
  { count, first, run }: { count: number; first: number; run: number },
): number => {
  let left = first
  let right = first + run - 1
  let siblings = 0
  for (let height = treeDepth(count); height > 0; height--) {
    siblings += (left % 2) + (1 - (right % 2))
    left = Math.floor(left / 2)
    right = Math.floor(right / 2)
  }
  return siblings * nodeBytes(kind)
}

/** `nodes` has the run's nodes from its second place on, so that a left sibling can be put before them. */
const raise = (
  nodes: Uint8Array,
  run: { first: number; run: number; depth: number; siblings: Uint8Array },
  hashing: TreeHashing,
): Uint8Array => {
  const { width } = hashing
  let { first, run: length } = run
  let used = 0
  const takeSibling = (place: number) => {
    nodes.set(run.siblings.subarray(used, used + width), place * width)
    used += width
  }
  for (let height = 0; height < run.depth; height++) {
    const hasLeft = first % 2 === 1
    if (hasLeft) takeSibling(0)
    if ((first + length) % 2 === 1) takeSibling(length + 1)
    const begin = hasLeft ? 0 : 1
    const pairs = Math.ceil((length + (hasLeft ? 1 : 0)) / 2)
    const parents = new Uint8Array(pairs * width)
    hashPairs(nodes.subarray(begin * width, (begin + 2 * pairs) * width), pairs, parents, hashing)
    nodes.set(parents, width)
    first = Math.floor(first / 2)
    length = pairs
  }
  return nodes.slice(width, 2 * width)
}
