import {
  type CarryTree,
  encodePayoutNode,
  encodeWorkNode,
  type PayoutTree,
  treeDepth,
  type WorkSumTree,
} from '@cairn/protocol'
import { emptyNode, leafNode, parentNode, type TreeName } from './tree-form.ts'

/** A tree of a root as disputes see it: nodes are bytes as they stand in a proof. */
export interface NodeTree {
  readonly tree: TreeName
  readonly count: number
  readonly depth: number
  /** The node at `position` of `height` levels above the leaves; undefined where it is not known. */
  node(height: number, position: number): Uint8Array | undefined
  /** The leaf's preimage without its tag, no bytes for an empty leaf; undefined where it is not known. */
  leaf(position: number): Uint8Array | undefined
}

/** A payout tree as disputes see it. */
export function payoutNodes(tree: PayoutTree): NodeTree {
  const { count, depth } = tree
  return {
    tree: 'payout',
    count,
    depth,
    node: (height, position) => encodePayoutNode(tree.node(height, position)),
    leaf: (position) => tree.leafBytes(position),
  }
}

/** A work tree as disputes see it. */
export function workNodes(tree: WorkSumTree): NodeTree {
  const { count, depth } = tree
  return {
    tree: 'work',
    count,
    depth,
    node: (height, position) => encodeWorkNode(tree.node(height, position)),
    leaf: (position) => tree.leafBytes(position),
  }
}

/** A carry tree as disputes see it. */
export function carryNodes(tree: CarryTree): NodeTree {
  const { count, depth } = tree
  return {
    tree: 'carry',
    count,
    depth,
    node: (height, position) => tree.node(height, position),
    leaf: (position) => tree.leafBytes(position),
  }
}

/**
 * Raises a tree over the leaves that are known, of `count` in all: what lies above an unknown one is unknown. A count that somebody claims costs nothing, however large.
 *
 * @param leaves preimages without their tag, from position 0 on; undefined where unknown
 */
export function raiseNodes(
  tree: TreeName,
  leaves: readonly (Uint8Array | undefined)[],
  count = leaves.length,
): NodeTree {
  const depth = treeDepth(count)
  const empty = [emptyNode(tree)]
  const levels: (Uint8Array | undefined)[][] = [leaves.map((leaf) => leaf && leafNode(tree, leaf))]
  const node = (height: number, position: number): Uint8Array | undefined =>
    position * 2 ** height >= count ? empty[height] : levels[height]![position]
  for (let height = 1; height <= depth; height++) {
    const below = height - 1
    empty.push(parentNode(tree, empty[below]!, empty[below]!))
    const level = Array.from({ length: Math.ceil(levels[below]!.length / 2) }, (_, position) => {
      const [left, right] = [node(below, 2 * position), node(below, 2 * position + 1)]
      return left && right && parentNode(tree, left, right)
    })
    levels.push(level)
  }
  return {
    tree,
    count,
    depth,
    node,
    leaf: (position) => (position >= count ? new Uint8Array() : leaves[position]),
  }
}
