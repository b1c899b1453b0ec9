import { equalBytes, fromHex, type Hex, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { encodePayoutNode, type PayoutTree } from '../trees/payout-tree.ts'
import { payoutTags, workTags } from '../trees/tree-tags.ts'
import { encodeWorkNode, type Work4 } from '../trees/work-node.ts'
import type { WorkSumTree } from '../trees/work-sum-tree.ts'
import type { Root } from './root.ts'

/** A payout node as a contract takes it. */
export interface TopPayoutNode {
  readonly hash: Hex
  readonly sum: bigint
}

/** A work node as a contract takes it. */
export interface TopWorkNode {
  readonly hash: Hex
  readonly sums: Work4
}

/**
 * The two children of the payout tree's and of the work tree's top node, shown when a root is first attested. All zero,
 * and ignored, where a tree has at most one leaf.
 */
export interface Tops {
  readonly payoutLeft: TopPayoutNode
  readonly payoutRight: TopPayoutNode
  readonly workLeft: TopWorkNode
  readonly workRight: TopWorkNode
}

const noHash: Hex = `0x${'0'.repeat(64)}`
const noPayout: TopPayoutNode = { hash: noHash, sum: 0n }
const noWork: TopWorkNode = { hash: noHash, sums: [0n, 0n, 0n, 0n] }

/** The tops of a root's two trees. */
export const deriveTops = (
  payout: Pick<PayoutTree, 'depth' | 'children'>,
  work: Pick<WorkSumTree, 'depth' | 'children'>,
): Tops => {
  const [payoutLeft, payoutRight] =
    payout.depth === 0
      ? [noPayout, noPayout]
      : payout.children(payout.depth, 0).map(({ hash, sum }) => ({ hash: toHex(hash), sum }))
  const [workLeft, workRight] =
    work.depth === 0
      ? [noWork, noWork]
      : work.children(work.depth, 0).map(({ hash, sums }) => ({ hash: toHex(hash), sums }))
  return { payoutLeft: payoutLeft!, payoutRight: payoutRight!, workLeft: workLeft!, workRight: workRight! }
}

/**
 * Whether the tops hash and add up to the root's: what the contract checks (spec 6, "Attestation and acceptance").
 *
 * @throws TreeError `leaf_value` or HexError for a hash that has not 32 bytes or a sum that has more than 128 bits.
 */
export const verifyTops = (root: Root, tops: Tops): boolean => {
  if (root.deviceCount <= 1) return true
  const { payoutLeft, payoutRight, workLeft, workRight } = tops
  const payoutHash = hashPair(
    payoutTags.node,
    encodePayoutNode({ hash: fromHex(payoutLeft.hash), sum: payoutLeft.sum }),
    encodePayoutNode({ hash: fromHex(payoutRight.hash), sum: payoutRight.sum }),
  )
  const workHash = hashPair(
    workTags.node,
    encodeWorkNode({ hash: fromHex(workLeft.hash), sums: workLeft.sums }),
    encodeWorkNode({ hash: fromHex(workRight.hash), sums: workRight.sums }),
  )
  return (
    equalBytes(payoutHash, fromHex(root.payoutHash)) &&
    equalBytes(workHash, fromHex(root.workHash)) &&
    payoutLeft.sum + payoutRight.sum === root.payoutSum &&
    root.workSums.every((sum, program) => workLeft.sums[program]! + workRight.sums[program]! === sum)
  )
}

const hashPair = (tag: number, left: Uint8Array, right: Uint8Array): Uint8Array => {
  const preimage = new Uint8Array(1 + left.length + right.length)
  preimage[0] = tag
  preimage.set(left, 1)
  preimage.set(right, 1 + left.length)
  return keccak256(preimage)
}
