import {
  concatBytes,
  decodePayoutNode,
  decodeWorkNode,
  type PayoutNode,
  type WorkNode,
} from '@cairn/protocol'
import type { Demand, Descent, WorkLeafProof } from './fault.ts'
import type { ClaimedNode, ClaimedTree } from './walk-tree.ts'

/** What proves that the last pair on the way does not add up, in a payout tree. */
export function payoutDescent(at: ClaimedNode): Descent<PayoutNode> {
  return descent(at, decodePayoutNode)
}

/** The same in a work or verdict tree. */
export function workDescent(at: ClaimedNode): Descent<WorkNode> {
  return descent(at, decodeWorkNode)
}

/** Demands what lies below a node. */
export function demandNode({ tree, device }: ClaimedTree, at: ClaimedNode, work?: WorkLeafProof): Demand {
  const { height, position, node } = at
  const siblings = concatBytes(...at.siblings)
  return {
    kind: 'hidden',
    tree,
    device,
    height,
    position,
    node,
    siblings,
    ...(work === undefined ? {} : { work }),
  }
}

function descent<Node>(
  { height, position, pairs }: ClaimedNode,
  decode: (node: Uint8Array) => Node,
): Descent<Node> {
  return {
    position: position * 2 ** height,
    pairs: pairs.map(([left, right]) => [decode(left), decode(right)] as const),
  }
}
