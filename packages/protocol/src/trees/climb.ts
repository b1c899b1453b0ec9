import { emptyAbove, hashPairs, type TreeHashing } from './tree-levels.ts'

/**
 * The tops of many trees of spec 5, which climb together, level by level, because hashing is fast only in batches.
 *
 * @param leaves the leaf nodes of the trees, one tree after another
 * @param counts leaves of each tree
 * @returns a node for each tree
 */
export function climb(leaves: Uint8Array, counts: Uint32Array, hashing: TreeHashing): Uint8Array {
  const { width } = hashing
  const tops = new Uint8Array(width * counts.length)
  const nodes = counts.slice()
  let level = leaves
  let empty = hashing.empty
  for (let tree = 0; tree < nodes.length; tree++) if (nodes[tree] === 0) tops.set(empty, width * tree)
  for (;;) {
    const paired = lineUp(level, nodes, empty, tops)
    if (paired.length === 0) return tops
    const pairs = paired.length / (2 * width)
    level = new Uint8Array(width * pairs)
    hashPairs(paired, pairs, level, hashing)
    for (let tree = 0; tree < nodes.length; tree++)
      nodes[tree] = nodes[tree]! < 2 ? 0 : (nodes[tree]! + 1) >> 1
    empty = emptyAbove(empty, hashing)
  }
}

/** Takes the trees out that have arrived at their top, and completes the others to whole pairs. */
function lineUp(level: Uint8Array, nodes: Uint32Array, empty: Uint8Array, tops: Uint8Array): Uint8Array {
  const width = empty.length
  let rest = 0
  for (const count of nodes) if (count > 1) rest += count + (count & 1)
  const paired = new Uint8Array(width * rest)
  let from = 0
  let to = 0
  for (let tree = 0; tree < nodes.length; tree++) {
    const bytes = width * nodes[tree]!
    if (bytes === 0) continue
    const run = level.subarray(from, from + bytes)
    from += bytes
    if (nodes[tree] === 1) {
      tops.set(run, width * tree)
      continue
    }
    paired.set(run, to)
    to += bytes
    if (nodes[tree]! & 1) {
      paired.set(empty, to)
      to += width
    }
  }
  return paired
}
