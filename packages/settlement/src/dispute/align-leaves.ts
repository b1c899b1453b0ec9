import { compareBytes, toHex } from '@cairn/protocol'
import { type NodeTree, raiseNodes } from './node-tree.ts'
import { nodeHash } from './tree-form.ts'
import type { Origin } from './walk-tree.ts'

/** Bytes at the beginning of a leaf by which its tree is ordered. */
const keyBytes = { verdict: 10, carry: 32 } as const

/**
 * Guesses a claimed tree from the true leaves and the claimed ones that were shown: a leaf that was put in moves the ones behind it, so comparing place by place would find all of them different.
 *
 * @param count leaves that the tree is claimed to have
 * @returns where a node of the claimed tree is known from
 */
export function alignLeaves(
  tree: 'verdict' | 'carry',
  honest: NodeTree,
  revealed: ReadonlyMap<number, Uint8Array>,
  count: number,
): (node: Uint8Array, height: number, position: number) => Origin | undefined {
  const guess = raiseNodes(tree, guessLeaves(tree, honest, revealed, count), count)
  const elsewhere = wholeSubtrees(honest)
  return (node, height, position) => {
    const guessed = guess.node(height, position)
    if (guessed !== undefined && toHex(nodeHash(guessed)) === toHex(nodeHash(node)))
      return { tree: guess, position }
    const from = elsewhere.get(`${height}/${toHex(nodeHash(node))}`)
    return from === undefined || (position + 1) * 2 ** height > count
      ? undefined
      : { tree: honest, position: from }
  }
}

function guessLeaves(
  tree: 'verdict' | 'carry',
  honest: NodeTree,
  revealed: ReadonlyMap<number, Uint8Array>,
  count: number,
): (Uint8Array | undefined)[] {
  const key = (leaf: Uint8Array) => leaf.subarray(0, keyBytes[tree])
  const leaves: (Uint8Array | undefined)[] = []
  const length = Math.min(count, honest.count + revealed.size)
  let next = 0
  for (let position = 0; position < length; position++) {
    const leaf = revealed.get(position)
    if (leaf === undefined) {
      leaves.push(next < honest.count ? honest.leaf(next++) : undefined)
      continue
    }
    leaves.push(leaf)
    while (next < honest.count && compareBytes(key(honest.leaf(next)!), key(leaf)) <= 0) next++
  }
  return leaves
}

/** Nodes of a tree that have a leaf at every place below, by height and hash. */
function wholeSubtrees(honest: NodeTree): Map<string, number> {
  const found = new Map<string, number>()
  for (let height = 0; height <= honest.depth; height++) {
    for (let position = 0; (position + 1) * 2 ** height <= honest.count; position++) {
      found.set(`${height}/${toHex(nodeHash(honest.node(height, position)!))}`, position)
    }
  }
  return found
}

/** The origin of nodes whose place is fixed by what they are about: work and payout trees. */
export function sameOrigin(
  honest: NodeTree,
): (node: Uint8Array, height: number, position: number) => Origin | undefined {
  return (node, height, position) => {
    const own = honest.node(height, position)
    return own !== undefined && toHex(nodeHash(own)) === toHex(nodeHash(node))
      ? { tree: honest, position }
      : undefined
  }
}
