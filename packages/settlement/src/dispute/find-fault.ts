import {
  buildPayoutTree,
  encodePayoutLeaf,
  fromHex,
  type PayoutTree,
  type Root,
  rootId,
  treeDepth,
} from '@cairn/protocol'
import { workOf } from '../hash-verdicts.ts'
import { derivePayout } from '../payouts.ts'
import type { Settled } from '../settle.ts'
import type { SettledState } from '../settle-input.ts'
import { alignLeaves, sameOrigin } from './align-leaves.ts'
import { demandNode, payoutDescent, workDescent } from './claim.ts'
import type { Demand, Findings, PayoutLeafProof, Proof, WorkLeafProof } from './fault.ts'
import { findVerdictFault } from './find-verdict-fault.ts'
import { decodeCumulative, decodeWorkLeaf } from './leaf-codec.ts'
import { carryNodes, payoutNodes } from './node-tree.ts'
import { treesOf } from './root-trees.ts'
import type { Shown } from './shown.ts'
import { nodeSums, packNode } from './tree-form.ts'
import { type ClaimedTree, siblingsAt, type Walk, walkTree } from './walk-tree.ts'

/** A root that somebody attested, and what its inputs really make. */
export interface Suspicion {
  readonly attested: Root
  readonly honest: Settled
  /** What both build on. */
  readonly parent: SettledState
}

/** Looks again at a root after each answer; the trees it builds on the way are kept. */
export type FaultFinder = (shown: Shown) => Findings

/**
 * Compares an attested root with the recomputed one, as far as disputes have shown the attested one, and says what can be proven and what has to be demanded next. It keeps no state of
 * its own: what was shown on chain is the state, so a restart, a reorg and the answers to somebody else's dispute are nothing special.
 */
export function createFaultFinder(suspicion: Suspicion): FaultFinder {
  const { attested, honest } = suspicion
  const payouts = payoutCache(suspicion)
  return (shown) => {
    if (rootId(honest.job.network, attested) === honest.rootId) return TRUE
    const other = otherField(attested, honest.root)
    if (other !== undefined) return { ...TRUE, isTrue: false, unprovable: [other] }
    const work = lookAtWork(suspicion, shown)
    const payout = lookAtPayouts(suspicion, work, payouts, shown)
    const carry = lookAtCarry(suspicion, shown)
    const proofs = [...work.proofs, ...payout.proofs]
    // Payouts follow from work, so they can not be judged for good before it is known.
    const stages = [work.demands, payout.demands, carry.demands]
    const first = stages.findIndex((demands) => demands.length > 0)
    return {
      isTrue: false,
      proofs,
      demands: proofs.length > 0 ? [] : (stages[first] ?? []),
      whenLate: proofs.length > 0 ? [] : stages.slice(first + 1).flat(),
      unprovable: [...work.unprovable, ...carry.unprovable],
    }
  }
}

const TRUE: Findings = { isTrue: true, proofs: [], demands: [], whenLate: [], unprovable: [] }

/** What the contract compares itself. A difference means that the two do not speak of the same history. */
function otherField(attested: Root, honest: Root): string | undefined {
  const fields = ['parent', 'first', 'last', 'evidenceEnd', 'evidenceSet', 'ruleset', 'deviceCount'] as const
  const field = fields.find((name) => attested[name] !== honest[name])
  return (
    field &&
    `its ${field} is ${attested[field]} and not ${honest[field]}, which the contract would not have taken: the history read here is not the chain's`
  )
}

interface WorkFindings {
  readonly walk: Walk
  readonly proofs: readonly Proof[]
  readonly demands: readonly Demand[]
  readonly unprovable: readonly string[]
  /** Leaves that differ from the true ones. */
  readonly leaves: ReadonlyMap<number, WorkLeafProof>
}

function lookAtWork({ attested, honest }: Suspicion, shown: Shown): WorkFindings {
  const trees = treesOf(honest)
  const claimed: ClaimedTree = {
    tree: 'work',
    device: 0,
    depth: treeDepth(attested.deviceCount),
    top: packNode(fromHex(attested.workHash), attested.workSums),
    origin: sameOrigin(trees.work),
    expected: trees.work.node,
  }
  const walk = walkTree(claimed, shown)
  const proofs: Proof[] = walk.unequal.map((at) => ({ kind: 'bad-work-sum', descent: workDescent(at) }))
  const demands: Demand[] = []
  const unprovable: string[] = []
  const leaves = new Map<number, WorkLeafProof>()
  for (const { at, leaf } of walk.leaves) {
    const work = { leaf: decodeWorkLeaf(leaf), siblings: siblingsAt(walk, at.position)! }
    leaves.set(at.position, work)
    const under = findVerdictFault(work, trees, shown)
    proofs.push(...under.proofs)
    demands.push(...under.demands)
    unprovable.push(...under.unprovable)
  }
  demands.push(...walk.hidden.map((at) => demandNode(claimed, at)))
  return { walk, proofs, demands, unprovable, leaves }
}

/** The payouts that follow from the attested work, and those of the parent. */
interface PayoutCache {
  /** From the attested totals and the work known so far. */
  expected(leaves: ReadonlyMap<number, WorkLeafProof>): PayoutTree
  parent(): PayoutTree
}

function payoutCache({ attested, honest, parent }: Suspicion): PayoutCache {
  let parentTree: PayoutTree | undefined
  let last: { readonly known: string; readonly tree: PayoutTree } | undefined
  const pots = { ...honest.pots, totals: attested.workSums }
  return {
    expected(leaves) {
      if (attested.workHash === honest.root.workHash) return honest.payoutTree
      const known = [...leaves.keys()].join()
      if (last?.known === known) return last.tree
      const cumulative = Array.from({ length: attested.deviceCount }, (_, device) => {
        const work = leaves.get(device)?.leaf.work ?? workOf(honest.workRows, device)
        return derivePayout(parent.cumulative[device] ?? 0n, work, pots)
      })
      last = { known, tree: buildPayoutTree(cumulative) }
      return last.tree
    },
    parent: () => {
      parentTree ??= buildPayoutTree(parent.cumulative)
      return parentTree
    },
  }
}

function lookAtPayouts(
  { attested, honest, parent }: Suspicion,
  work: WorkFindings,
  cache: PayoutCache,
  shown: Shown,
): { proofs: Proof[]; demands: Demand[] } {
  const expected = payoutNodes(cache.expected(work.leaves))
  const claimed: ClaimedTree = {
    tree: 'payout',
    device: 0,
    depth: treeDepth(attested.deviceCount),
    top: packNode(fromHex(attested.payoutHash), [attested.payoutSum]),
    origin: sameOrigin(expected),
    expected: expected.node,
    leafOf: (node, position) =>
      position < attested.deviceCount ? encodePayoutLeaf(position, nodeSums(node)[0]!) : undefined,
  }
  const walk = walkTree(claimed, shown)
  const proofs: Proof[] = walk.unequal.map((at) => ({
    kind: 'bad-payout-sum',
    descent: payoutDescent(at),
  }))
  for (const { at, leaf } of walk.leaves) {
    const device = at.position
    const proof = workProofOf(work, honest, device)
    if (proof === undefined) continue
    const payout = { cumulative: decodeCumulative(leaf), siblings: siblingsAt(walk, device)! }
    const before: PayoutLeafProof | undefined =
      device < parent.cumulative.length
        ? { cumulative: parent.cumulative[device]!, siblings: cache.parent().proof(device) }
        : undefined
    proofs.push({ kind: 'wrong-payout', payout, ...(before && { parentPayout: before }), work: proof })
  }
  return { proofs, demands: walk.hidden.map((at) => demandNode(claimed, at)) }
}

/** The attested work leaf of a device, where it is known. */
function workProofOf(
  { walk, leaves }: WorkFindings,
  honest: Settled,
  device: number,
): WorkLeafProof | undefined {
  const differing = leaves.get(device)
  if (differing !== undefined) return differing
  const siblings = siblingsAt(walk, device)
  return siblings && { leaf: decodeWorkLeaf(honest.workTree.leafBytes(device)), siblings }
}

function lookAtCarry(
  { attested, honest }: Suspicion,
  shown: Shown,
): { demands: Demand[]; unprovable: string[] } {
  const truth = carryNodes(honest.carryTree)
  const top = fromHex(attested.carryHash)
  if (attested.carryHash === honest.root.carryHash && attested.carryCount === truth.count)
    return { demands: [], unprovable: [] }
  const claimed: ClaimedTree = {
    tree: 'carry',
    device: 0,
    depth: treeDepth(attested.carryCount),
    top,
    origin: alignLeaves('carry', truth, shown.leaves('carry', 0), attested.carryCount),
  }
  const walk = walkTree(claimed, shown)
  return {
    demands: walk.hidden.map((at) => demandNode(claimed, at)),
    unprovable:
      walk.hidden.length > 0
        ? []
        : [
            `its carry has ${attested.carryCount} entries that the rules do not make, and all of them can be shown`,
          ],
  }
}
