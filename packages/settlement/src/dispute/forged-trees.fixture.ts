import { encodeWorkLeaf, keccak256, type Root, toHex, treeDepth } from '@cairn/protocol'
import { workOf } from '../hash-verdicts.ts'
import { derivePayout } from '../payouts.ts'
import type { Settled } from '../settle.ts'
import { carryNodes, type NodeTree, payoutNodes } from './node-tree.ts'
import { type RootTrees, verdictLeaves } from './root-trees.ts'
import type { TreePlace } from './shown.ts'
import { emptyNode, leafNode, nodeHash, nodeSums, packNode, parentNode, type TreeName } from './tree-form.ts'

/** The leaves somebody claims a root to have, and what is broken above them. */
export interface Claim {
  readonly settled: Settled
  readonly payouts: readonly Uint8Array[]
  readonly verdicts: readonly (readonly Uint8Array[])[]
  readonly carry: readonly Uint8Array[]
  /** Claimed numbers of entries that differ from the real ones. */
  readonly verdictCounts?: ReadonlyMap<number, number>
  /** A node whose first sum is one more than what is below it. */
  readonly broken?: TreePlace
  /** A node whose hash is that of nothing. */
  readonly hidden?: TreePlace
  /** Payouts follow from the claimed work. */
  readonly isPaid?: boolean
}

/** What a true root claims. */
export function claimOf(settled: Settled): Claim {
  const { root, payoutTree, carryTree, rows } = settled
  const payouts = payoutNodes(payoutTree)
  const carry = carryNodes(carryTree)
  return {
    settled,
    payouts: Array.from({ length: root.deviceCount }, (_, i) => payouts.leaf(i)!),
    verdicts: Array.from({ length: root.deviceCount }, (_, i) => verdictLeaves(rows, i)),
    carry: Array.from({ length: root.carryCount }, (_, i) => carry.leaf(i)!),
  }
}

/** The trees over claimed leaves: consistent but for what the claim breaks. */
export function forgedTrees(claim: Claim, honest: RootTrees): RootTrees {
  const { verdicts, verdictCounts, broken, hidden } = claim
  const verdictTrees = verdicts.map((leaves, device) =>
    forgeTree('verdict', device, leaves, { broken, hidden }),
  )
  const workLeaves = verdictTrees.map((tree, index) => {
    const top = tree.node(tree.depth, 0)!
    const [a, b, c, d] = nodeSums(top) as [bigint, bigint, bigint, bigint]
    const verdictCount = verdictCounts?.get(index) ?? tree.count
    return encodeWorkLeaf({ index, work: [a, b, c, d], verdictHash: nodeHash(top), verdictCount })
  })
  const work = forgeTree('work', 0, workLeaves, { broken, hidden })
  const totals = nodeSums(work.node(work.depth, 0)!) as [bigint, bigint, bigint, bigint]
  const payoutLeaves = claim.isPaid ? paidLeaves(claim, verdictTrees, totals) : claim.payouts
  return {
    ...honest,
    payout: forgeTree('payout', 0, payoutLeaves, { broken, hidden }),
    work,
    carry: forgeTree('carry', 0, claim.carry, { broken, hidden }),
    verdict: (device) => verdictTrees[device],
  }
}

/** The root that claims these trees. */
export function claimRoot(honest: Root, trees: RootTrees): Root {
  const top = ({ depth, node }: NodeTree) => node(depth, 0)!
  const [payout, work, carry] = [top(trees.payout), top(trees.work), top(trees.carry)]
  const [a, b, c, d] = nodeSums(work) as [bigint, bigint, bigint, bigint]
  return {
    ...honest,
    payoutHash: toHex(nodeHash(payout)),
    payoutSum: nodeSums(payout)[0]!,
    workHash: toHex(nodeHash(work)),
    workSums: [a, b, c, d],
    carryHash: toHex(carry),
    carryCount: trees.carry.count,
  }
}

function paidLeaves(
  { settled, payouts }: Claim,
  verdictTrees: readonly NodeTree[],
  totals: [bigint, bigint, bigint, bigint],
): Uint8Array[] {
  return payouts.map((_, device) => {
    const tree = verdictTrees[device]!
    const [a, b, c, d] = nodeSums(tree.node(tree.depth, 0)!) as [bigint, bigint, bigint, bigint]
    const before = derivePayout(0n, workOf(settled.workRows, device), settled.pots)
    const parent = settled.state.cumulative[device]! - before
    const cumulative = derivePayout(parent, [a, b, c, d], { ...settled.pots, totals })
    const leaf = new Uint8Array(20)
    const view = new DataView(leaf.buffer)
    view.setUint32(0, device)
    view.setBigUint64(4, cumulative >> 64n)
    view.setBigUint64(12, cumulative & 0xffff_ffff_ffff_ffffn)
    return leaf
  })
}

/** A tree whose nodes can be broken or hidden; what is above them is made from what they claim. */
function forgeTree(
  tree: TreeName,
  device: number,
  leaves: readonly Uint8Array[],
  { broken, hidden }: { broken: TreePlace | undefined; hidden: TreePlace | undefined },
): NodeTree {
  const depth = treeDepth(leaves.length)
  const isAt = (place: TreePlace | undefined, height: number, position: number) =>
    place?.tree === tree && place.device === device && place.height === height && place.position === position
  const node = (height: number, position: number): Uint8Array => {
    const plain =
      height > 0
        ? parentNode(tree, node(height - 1, 2 * position), node(height - 1, 2 * position + 1))
        : position < leaves.length
          ? leafNode(tree, leaves[position]!)
          : emptyNode(tree)
    if (isAt(hidden, height, position)) return packNode(keccak256(plain), nodeSums(plain))
    if (!isAt(broken, height, position)) return plain
    const [first, ...others] = nodeSums(plain)
    return packNode(nodeHash(plain), [first! + 1n, ...others])
  }
  // What is below a hidden node nobody has.
  const isBelow = (height: number, position: number) =>
    hidden !== undefined &&
    hidden.tree === tree &&
    height < hidden.height &&
    Math.floor(position / 2 ** (hidden.height - height)) === hidden.position
  return {
    tree,
    count: leaves.length,
    depth,
    node: (height, position) => (isBelow(height, position) ? undefined : node(height, position)),
    leaf: (position) =>
      isAt(hidden, 0, position) || isBelow(0, position) ? undefined : (leaves[position] ?? new Uint8Array()),
  }
}
