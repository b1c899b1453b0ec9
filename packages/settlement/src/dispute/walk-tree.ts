import { concatBytes, equalBytes } from '@cairn/protocol'
import type { NodeTree } from './node-tree.ts'
import type { Shown } from './shown.ts'
import { addsUp, leafNode, nodeSums, parentHash, sameHash, type TreeName } from './tree-form.ts'

/** A node of a claimed tree, with everything that proves that it stands where it stands. */
export interface ClaimedNode {
  readonly height: number
  readonly position: number
  readonly node: Uint8Array
  /** Siblings from this node's level up to the top. */
  readonly siblings: readonly Uint8Array[]
  /** The children on the way down: first the top's, last the ones that this node is one of. */
  readonly pairs: readonly (readonly [Uint8Array, Uint8Array])[]
}

/** Whose subtree a known node is: at `position` of its level in `tree`. */
export interface Origin {
  readonly tree: NodeTree
  readonly position: number
}

/** A tree that a root claims to have. */
export interface ClaimedTree {
  readonly tree: TreeName
  /** Whose verdict tree; 0 for the others. */
  readonly device: number
  readonly depth: number
  readonly top: Uint8Array
  /** Where a node of this hash, this high, is known from; its sums may differ. */
  origin(node: Uint8Array, height: number, position: number): Origin | undefined
  /** The leaf of a node where it follows from the node alone. */
  leafOf?(node: Uint8Array, position: number): Uint8Array | undefined
  /** What the sums of the place would be in a true tree, where that is known. */
  expected?(height: number, position: number): Uint8Array | undefined
}

/** What of a claimed tree is known, and what is not. */
export interface Walk {
  /** Subtrees that are known leaf by leaf. */
  readonly known: readonly { readonly at: ClaimedNode; readonly origin: Origin }[]
  /** Leaves that are known one by one. */
  readonly leaves: readonly { readonly at: ClaimedNode; readonly leaf: Uint8Array }[]
  /** What nobody has shown yet, the most suspicious first. */
  readonly hidden: readonly ClaimedNode[]
  /** Children that do not add up: the last pair belongs to the node named by height and position. */
  readonly unequal: readonly ClaimedNode[]
}

/** Goes down a claimed tree as far as it is known, from what disputes showed and from trees that have the same nodes. */
export function walkTree(claimed: ClaimedTree, shown: Shown): Walk {
  const known: Walk['known'][number][] = []
  const leaves: Walk['leaves'][number][] = []
  const hidden: ClaimedNode[] = []
  const unequal: ClaimedNode[] = []
  const visit = (at: ClaimedNode): void => {
    const origin = claimed.origin(at.node, at.height, at.position)
    const same = origin?.tree.node(at.height, origin.position)
    if (origin !== undefined && same !== undefined && equalBytes(same, at.node)) {
      known.push({ at, origin })
      return
    }
    if (at.height === 0) {
      const leaf = leafAt(claimed, at, shown)
      if (leaf === undefined) hidden.push(at)
      else leaves.push({ at, leaf })
      return
    }
    const pair = childrenAt(claimed, at, shown, origin)
    if (pair === undefined) hidden.push(at)
    else if (!addsUp(at.node, ...pair)) unequal.push({ ...at, pairs: [...at.pairs, pair] })
    else for (const side of [0, 1] as const) visit(childOf(at, pair, side))
  }
  visit({ height: claimed.depth, position: 0, node: claimed.top, siblings: [], pairs: [] })
  return { known, leaves, hidden: bySuspicion(claimed, hidden), unequal }
}

/** Siblings of the claimed leaf at `position`, from the leaf up; undefined while something above it is not known. */
export function siblingsAt({ known, leaves }: Walk, position: number): Uint8Array | undefined {
  const alone = leaves.find(({ at }) => at.position === position)
  if (alone !== undefined) return concatBytes(...alone.at.siblings)
  const part = known.find(({ at }) => Math.floor(position / 2 ** at.height) === at.position)
  if (part === undefined) return undefined
  const { at, origin } = part
  let own = position - at.position * 2 ** at.height + origin.position * 2 ** at.height
  const inside: Uint8Array[] = []
  for (let height = 0; height < at.height; height++) {
    const sibling = origin.tree.node(height, own % 2 === 0 ? own + 1 : own - 1)
    if (sibling === undefined) return undefined
    inside.push(sibling)
    own = Math.floor(own / 2)
  }
  return concatBytes(...inside, ...at.siblings)
}

function leafAt(claimed: ClaimedTree, { node, position }: ClaimedNode, shown: Shown): Uint8Array | undefined {
  const { tree, device } = claimed
  const leaf = shown.leaf({ tree, device, position }) ?? claimed.leafOf?.(node, position)
  return leaf !== undefined && leaf.length > 0 && equalBytes(leafNode(tree, leaf), node) ? leaf : undefined
}

function childrenAt(
  { tree, device }: ClaimedTree,
  { node, height, position }: ClaimedNode,
  shown: Shown,
  origin: Origin | undefined,
): readonly [Uint8Array, Uint8Array] | undefined {
  const pair = shown.children({ tree, device, height, position })
  if (pair !== undefined && sameHash(parentHash(tree, ...pair), node)) return pair
  if (origin === undefined) return undefined
  const left = origin.tree.node(height - 1, 2 * origin.position)
  const right = origin.tree.node(height - 1, 2 * origin.position + 1)
  return left && right && [left, right]
}

function childOf(at: ClaimedNode, pair: readonly [Uint8Array, Uint8Array], side: 0 | 1): ClaimedNode {
  return {
    height: at.height - 1,
    position: 2 * at.position + side,
    node: pair[side],
    siblings: [pair[1 - side]!, ...at.siblings],
    pairs: [...at.pairs, pair],
  }
}

/** Who lies wants more: what exceeds the true sums most is looked at first. */
function bySuspicion({ expected }: ClaimedTree, hidden: readonly ClaimedNode[]): ClaimedNode[] {
  const excessOf = ({ node, height, position }: ClaimedNode) => {
    const honest = expected?.(height, position)
    const total = (of: Uint8Array) => nodeSums(of).reduce((sum, amount) => sum + amount, 0n)
    return honest === undefined ? 0n : total(node) - total(honest)
  }
  return hidden
    .map((at) => ({ at, excess: excessOf(at) }))
    .sort((a, b) => (a.excess === b.excess ? 0 : a.excess > b.excess ? -1 : 1))
    .map(({ at }) => at)
}
