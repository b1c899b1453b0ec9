import { type SumRun, topFromProof } from './sum-proof.ts'
import { buildSumTree, type LeafSource, type SumTreeKind } from './sum-tree.ts'
import { decodeWorkNode, equalWorkNodes, type WorkNode } from './work-node.ts'

/** A tree whose nodes sum work per program: the work tree of a root, and the verdict tree of a device (spec 5). */
export interface WorkSumTree extends WorkNode {
  readonly depth: number
  readonly count: number
  /** Siblings from the leaf up, 96 bytes each. Throws TreeError `no_such_node`. */
  proof(position: number): Uint8Array
  /** One proof for `count` neighbours from position `first` on. Throws TreeError `no_such_run`. */
  multiproof(first: number, count: number): Uint8Array
  /** The node at `position` of `height`, levels above the leaves. Throws TreeError `no_such_node`. */
  node(height: number, position: number): WorkNode
  /** The two children of a node; `height` is at least 1. Throws TreeError `no_such_node`. */
  children(height: number, position: number): [left: WorkNode, right: WorkNode]
  /** The leaf's preimage without its tag, as a reveal shows it; no bytes for an empty leaf. Throws TreeError `no_such_node`. */
  leafBytes(position: number): Uint8Array
}

/** Builds such a tree. Throws as `buildSumTree` does. */
export const buildWorkSumTree = (kind: SumTreeKind, source: LeafSource): WorkSumTree => {
  const tree = buildSumTree(kind, source)
  const top = decodeWorkNode(tree.node(tree.depth, 0))
  return {
    ...tree,
    hash: top.hash,
    sums: top.sums,
    node: (height, position) => decodeWorkNode(tree.node(height, position)),
    children: (height, position) => {
      const [left, right] = tree.children(height, position)
      return [decodeWorkNode(left), decodeWorkNode(right)]
    },
  }
}

/** Whether the run leads to `top`. Total. */
export const runLeadsTo = (top: WorkNode, kind: SumTreeKind, run: SumRun): boolean => {
  const found = topFromProof(kind, run)
  return found !== undefined && equalWorkNodes(decodeWorkNode(found), top)
}
