import {
  concatBytes,
  equalBytes,
  fromHex,
  type PayoutNode,
  type Root,
  toHex,
  treeDepth,
  verdictTop,
  verifyPayoutProof,
  verifyVerdictProof,
  verifyWorkProof,
  type WorkNode,
} from '@cairn/protocol'
import type { Pots } from '../payouts.ts'
import { answerMove } from './answer-move.ts'
import { challengerMoves, type OpenDispute } from './challenger-moves.ts'
import type { Demand, Descent, Proof, WorkLeafProof } from './fault.ts'
import type { FaultFinder } from './find-fault.ts'
import type { RootTrees } from './root-trees.ts'
import { type Showing, shownOf } from './shown.ts'
import { addsUp, emptyNode, leafNode, nodeWidth, packNode, parentNode, type TreeName } from './tree-form.ts'

/** What the contracts know about a root that is played about. */
export interface ArenaRoot {
  readonly root: Root
  readonly parent: Root | undefined
  readonly pots: Pots['pots']
}

/** How a play ended. */
export type Outcome =
  | { readonly end: 'proof'; readonly kind: Proof['kind']; readonly opened: number }
  | { readonly end: 'timeout'; readonly about: 'hidden' | 'unbacked'; readonly opened: number }
  | { readonly end: 'nothing'; readonly unprovable: readonly string[]; readonly opened: number }

const ME = '0xaa'

/**
 * Plays challenger against answerer under the rules of the contracts, which are written down here a second time. Throws where the challenger makes a move that a contract would refuse.
 */
export function play(about: ArenaRoot, find: FaultFinder, answerer: RootTrees | undefined): Outcome {
  const showings: Showing[] = []
  let disputes: (OpenDispute & { readonly demand: Demand })[] = []
  let now = 0
  let opened = 0
  for (let turn = 0; turn < 5_000; turn++) {
    const findings = find(shownOf(showings))
    const view = { now, me: ME, isStanding: true, isLate: false, disputes, mostOpen: 3 } as const
    const moves = challengerMoves(findings, view)
    if (moves.length === 0 && !disputes.some(({ awaits }) => awaits === 'answer'))
      return { end: 'nothing', unprovable: findings.unprovable, opened }
    for (const move of moves) {
      if (move.move === 'prove') {
        requireProven(about, move.proof)
        return { end: 'proof', kind: move.proof.kind, opened }
      }
      if (move.move === 'timeout') {
        return { end: 'timeout', about: disputes.find(({ id }) => id === move.id)!.about.kind, opened }
      }
      if (move.move === 'withdraw') throw new Error('withdrew from a root that stands')
      if (move.move === 'open') {
        requireOpenable(about, move.demand)
        opened += 1
        disputes.push(disputeOf(BigInt(opened), move.demand))
      } else {
        const at = disputes.findIndex(({ id }) => id === move.id)
        disputes[at] = picked(disputes[at]!, move.right, move.pair)
      }
    }
    disputes = disputes.flatMap((dispute) => {
      if (dispute.awaits !== 'answer') return [dispute]
      const after = answer(about, dispute, answerer, showings)
      return after === undefined ? [] : [after]
    })
    if (disputes.some(({ awaits }) => awaits === 'answer')) now += 10
  }
  throw new Error('the play does not end')
}

function disputeOf(id: bigint, demand: Demand): OpenDispute & { demand: Demand } {
  const about =
    demand.kind === 'hidden'
      ? { ...demand, kind: 'hidden' as const }
      : { kind: 'unbacked' as const, device: demand.device, entry: demand.verdict.entry }
  return { id, challenger: ME, about, awaits: 'answer', dueAt: 9, demand }
}

function picked(
  dispute: OpenDispute & { demand: Demand },
  right: boolean,
  pair: readonly [Uint8Array, Uint8Array],
): OpenDispute & { demand: Demand } {
  const { about, demand } = dispute
  if (about.kind !== 'hidden' || demand.kind !== 'hidden') throw new Error('nothing to pick')
  if (dispute.shown === undefined || !equalBytes(concatBytes(...dispute.shown), concatBytes(...pair)))
    throw new Error('not what was shown')
  const height = about.height - 1
  const position = 2 * about.position + (right ? 1 : 0)
  const node = pair[right ? 1 : 0]
  return {
    ...dispute,
    about: { ...about, height, position },
    awaits: 'answer',
    dueAt: 1e9,
    demand: { ...demand, height, position, node },
  }
}

/** An answer as the contract takes it; the dispute as it was where there is none. */
function answer(
  { root }: ArenaRoot,
  dispute: OpenDispute & { demand: Demand },
  trees: RootTrees | undefined,
  showings: Showing[],
): (OpenDispute & { demand: Demand }) | undefined {
  const { about, demand } = dispute
  const silent = { ...dispute, dueAt: 0 }
  if (trees === undefined) return silent
  if (about.kind === 'unbacked' || demand.kind === 'unbacked') {
    if (about.kind !== 'unbacked' || answerMove(about, trees) === undefined) return silent
    showings.push({ device: about.device, backed: about.entry })
    return undefined
  }
  const { tree, device, height, position } = about
  const given = answerMove(
    { kind: 'hidden', tree, device, height, position, node: toHex(demand.node.subarray(0, 32)) },
    trees,
  )
  if (given?.move === 'children') {
    const { left, right } = given
    if (!equalBytes(parentNode(tree, left, right).subarray(0, 32), demand.node.subarray(0, 32))) return silent
    showings.push({ tree, device, height, position, left, right })
    return { ...dispute, awaits: 'challenger', dueAt: 1e9, shown: [left, right] }
  }
  if (given?.move !== 'leaf' || !isLeafOf(root, demand, given.leaf)) return silent
  showings.push({ tree, device, position, leaf: given.leaf })
  return undefined
}

/** `DisputeTrees.leafNode` and what `showLeaf` compares. */
function isLeafOf(root: Root, demand: Demand & { kind: 'hidden' }, leaf: Uint8Array): boolean {
  const [, count] = topOf(root, demand)
  if ((leaf.length === 0) === demand.position < count) return false
  if (leaf.length === 0) return equalBytes(demand.node, emptyNode(demand.tree))
  const hasIndex = demand.tree === 'payout' || demand.tree === 'work'
  if (hasIndex && new DataView(leaf.buffer, leaf.byteOffset).getUint32(0) !== demand.position) return false
  return equalBytes(leafNode(demand.tree, leaf), demand.node)
}

function requireOpenable({ root }: ArenaRoot, demand: Demand): void {
  if (demand.kind === 'unbacked') {
    requireWorkLeaf(root, demand.work)
    const { leaf } = demand.work
    const holds = verifyVerdictProof({ top: verdictTop(leaf), count: leaf.verdictCount, ...demand.verdict })
    if (!holds) throw new Error('ClaimInvalid verdict')
    if (demand.verdict.entry.work.every((amount) => amount === 0n))
      throw new Error('ClaimInvalid entry without work')
    return
  }
  if (demand.work !== undefined) requireWorkLeaf(root, demand.work)
  const [top, count] = topOf(root, demand)
  const levels = treeDepth(count) - demand.height
  const width = nodeWidth(demand.tree)
  if (levels < 0 || demand.siblings.length !== levels * width || demand.position >= 2 ** levels)
    throw new Error('ClaimInvalid place')
  let node = demand.node
  for (let level = 0; level < levels; level++) {
    const sibling = demand.siblings.subarray(level * width, (level + 1) * width)
    const isRight = Math.floor(demand.position / 2 ** level) % 2 === 1
    node = isRight ? parentNode(demand.tree, sibling, node) : parentNode(demand.tree, node, sibling)
  }
  if (!equalBytes(node, top)) throw new Error('ClaimInvalid place')
}

function topOf(root: Root, { tree, work }: Demand & { kind: 'hidden' }): [Uint8Array, number] {
  if (tree === 'payout') return [packNode(fromHex(root.payoutHash), [root.payoutSum]), root.deviceCount]
  if (tree === 'work') return [packNode(fromHex(root.workHash), root.workSums), root.deviceCount]
  if (tree === 'carry') return [fromHex(root.carryHash), root.carryCount]
  return [packNode(work!.leaf.verdictHash, work!.leaf.work), work!.leaf.verdictCount]
}

function requireProven({ root, parent, pots }: ArenaRoot, proof: Proof): void {
  if ('work' in proof) requireWorkLeaf(root, proof.work)
  switch (proof.kind) {
    case 'wrong-payout': {
      const { index, work } = proof.work.leaf
      requirePayout(root, index, proof.payout)
      let expected = 0n
      if (parent !== undefined && index < parent.deviceCount) {
        requirePayout(parent, index, proof.parentPayout!)
        expected = proof.parentPayout!.cumulative
      }
      for (let p = 0; p < 4; p++)
        if (root.workSums[p] !== 0n) expected += (pots[p]! * work[p]!) / root.workSums[p]!
      if (expected === proof.payout.cumulative) throw new Error('NothingWrong 1')
      return
    }
    case 'bad-payout-sum':
      requireBadSum('payout', packNode(fromHex(root.payoutHash), [root.payoutSum]), root.deviceCount, {
        position: proof.descent.position,
        pairs: proof.descent.pairs.map(([a, b]) => [packPayout(a), packPayout(b)] as const),
      })
      return
    case 'bad-work-sum':
      requireBadSum(
        'work',
        packNode(fromHex(root.workHash), root.workSums),
        root.deviceCount,
        packed(proof.descent),
      )
      return
    case 'bad-verdict-sum': {
      const { verdictHash, work, verdictCount } = proof.work.leaf
      requireBadSum('verdict', packNode(verdictHash, work), verdictCount, packed(proof.descent))
      return
    }
    case 'disorder': {
      const top = verdictTop(proof.work.leaf)
      const count = proof.work.leaf.verdictCount
      for (const entry of [proof.a, proof.b])
        if (!verifyVerdictProof({ top, count, ...entry })) throw new Error('ProofInvalid entry')
      if (proof.b.position !== proof.a.position + 1) throw new Error('ProofInvalid neighbours')
      const [a, b] = [proof.a.entry, proof.b.entry].map(
        ({ slot, index, observation }) =>
          (BigInt(slot) << 48n) | (BigInt(index) << 16n) | BigInt(observation),
      )
      if (a! < b!) throw new Error('NothingWrong 3')
    }
  }
}

function requireBadSum(tree: TreeName, top: Uint8Array, count: number, descent: Descent<Uint8Array>): void {
  const depth = treeDepth(count)
  const { pairs, position } = descent
  if (pairs.length === 0 || pairs.length > depth) throw new Error('ProofInvalid levels')
  let above = top
  pairs.forEach(([left, right], k) => {
    if (!equalBytes(parentNode(tree, left, right).subarray(0, 32), above.subarray(0, 32)))
      throw new Error('ProofInvalid pair')
    if (k + 1 === pairs.length) {
      if (addsUp(above, left, right)) throw new Error('NothingWrong 3')
    } else above = Math.floor(position / 2 ** (depth - 1 - k)) % 2 === 1 ? right : left
  })
}

function packed({ position, pairs }: Descent<WorkNode>): Descent<Uint8Array> {
  return {
    position,
    pairs: pairs.map(([a, b]) => [packNode(a.hash, a.sums), packNode(b.hash, b.sums)] as const),
  }
}

function packPayout({ hash, sum }: PayoutNode): Uint8Array {
  return packNode(hash, [sum])
}

function requireWorkLeaf({ workHash, workSums, deviceCount }: Root, { leaf, siblings }: WorkLeafProof): void {
  const top = { hash: fromHex(workHash), sums: workSums }
  if (!verifyWorkProof({ top, count: deviceCount, leaf, siblings })) throw new Error('ProofInvalid work')
}

function requirePayout(
  { payoutHash, payoutSum, deviceCount }: Root,
  index: number,
  payout: { cumulative: bigint; siblings: Uint8Array },
): void {
  const top = { hash: fromHex(payoutHash), sum: payoutSum }
  if (!verifyPayoutProof({ top, count: deviceCount, index, ...payout }))
    throw new Error('ProofInvalid payout')
}
