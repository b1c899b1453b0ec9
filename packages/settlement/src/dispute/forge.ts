import {
  buildPayoutTree,
  buildWorkTree,
  deriveTops,
  encodePayoutNode,
  encodeVerdictEntry,
  encodeWorkNode,
  keccak256,
  type Root,
  rootId,
  type Tops,
  toHex,
  type Work4,
  type WorkLeaf,
} from '@cairn/protocol'
import { derivePayout } from '../payouts.ts'
import type { Settled } from '../settle.ts'
import type { SettledState } from '../settle-input.ts'
import { decodeWorkLeaf } from './leaf-codec.ts'
import { payoutNodes, raiseNodes, workNodes } from './node-tree.ts'
import { type RootTrees, treesOf, verdictLeaves } from './root-trees.ts'
import { nodeHash, parentHash } from './tree-form.ts'

/** What a dishonest verifier can be told to do. */
export const verifierFaults = ['wrong-payout', 'unbacked-work', 'hidden-subtree', 'lie'] as const

export type VerifierFault = (typeof verifierFaults)[number]

/** A root that is not true, with whatever its forger can show of it. */
export interface Forged {
  readonly root: Root
  readonly rootId: RootTrees['rootId']
  readonly tops: Tops
  /** undefined where nothing can be shown. */
  readonly trees: RootTrees | undefined
  /** What the forger's next root builds on. */
  readonly state: SettledState
}

/**
 * A false root that the contract takes, made from the true one: for attacks on one's own network, and nothing else. The same for all who forge the same, but for `lie`.
 *
 * @param liar makes the hashes of a `lie` differ from everybody else's
 * @returns undefined where the fault has nothing to work on, such as a payout to move
 */
export function forgeSettled(
  settled: Settled,
  fault: VerifierFault,
  parent: SettledState,
  liar = '',
): Forged | undefined {
  switch (fault) {
    case 'wrong-payout':
      return forgePayout(settled)
    case 'unbacked-work':
      return forgeWork(settled, parent)
    case 'hidden-subtree':
      return hide(settled, 'hidden')
    case 'lie':
      return hide(settled, `lie ${liar}`)
  }
}

/** The first device gets half of what the last one with anything has. */
function forgePayout(settled: Settled): Forged | undefined {
  const cumulative = [...settled.state.cumulative]
  const victim = cumulative.findLastIndex((amount, device) => device > 0 && amount > 0n)
  if (victim <= 0) return undefined
  const taken = (cumulative[victim]! + 1n) / 2n
  cumulative[victim]! -= taken
  cumulative[0]! += taken
  const payoutTree = buildPayoutTree(cumulative)
  const root: Root = { ...settled.root, payoutHash: toHex(payoutTree.hash), payoutSum: payoutTree.sum }
  return {
    ...named(settled, root),
    tops: deriveTops(payoutTree, settled.workTree),
    trees: { ...treesOf(settled), ...named(settled, root), payout: payoutNodes(payoutTree) },
    state: { ...settled.state, rootId: rootId(settled.job.network, root), cumulative },
  }
}

/** The first device gets an entry behind the end of the last commitment's reports, with as much work as all others have; payouts follow from it. */
function forgeWork(settled: Settled, parent: SettledState): Forged | undefined {
  const { root, job, rows, workTree } = settled
  const slots = job.slots.flatMap(({ slot, prior }) => (prior ? [] : [slot]))
  if (slots.length === 0 || root.deviceCount === 0) return undefined
  const total = root.workSums[0]
  const work: Work4 = [total === 0n ? 1n : total, 0n, 0n, 0n]
  const entry = { slot: Math.max(...slots), index: 0xffff_fff0, observation: 0, reason: 0, work }
  const leaves = Array.from({ length: root.deviceCount }, (_, device) =>
    decodeWorkLeaf(workTree.leafBytes(device)),
  )
  const verdicts = raiseNodes('verdict', [...verdictLeaves(rows, 0), encodeVerdictEntry(entry)])
  leaves[0] = withEntry(leaves[0]!, work, nodeHash(verdicts.node(verdicts.depth, 0)!), verdicts.count)
  const forgedWork = buildWorkTree(leaves)
  const pots = { ...settled.pots, totals: forgedWork.sums }
  const cumulative = leaves.map((leaf, device) =>
    derivePayout(parent.cumulative[device] ?? 0n, leaf.work, pots),
  )
  const payoutTree = buildPayoutTree(cumulative)
  const forged: Root = {
    ...root,
    payoutHash: toHex(payoutTree.hash),
    payoutSum: payoutTree.sum,
    workHash: toHex(forgedWork.hash),
    workSums: forgedWork.sums,
  }
  const honest = treesOf(settled)
  const rollover = settled.pots.pots.map((pot, p) => (forgedWork.sums[p] === 0n ? pot : 0n))
  return {
    ...named(settled, forged),
    tops: deriveTops(payoutTree, forgedWork),
    trees: {
      ...honest,
      ...named(settled, forged),
      payout: payoutNodes(payoutTree),
      work: workNodes(forgedWork),
      verdict: (device) => (device === 0 ? verdicts : honest.verdict(device)),
    },
    state: {
      ...settled.state,
      rootId: rootId(settled.job.network, forged),
      cumulative,
      rollover: rollover as unknown as Work4,
    },
  }
}

function withEntry(leaf: WorkLeaf, added: Work4, verdictHash: Uint8Array, verdictCount: number): WorkLeaf {
  const work = leaf.work.map((amount, program) => amount + added[program]!)
  return { ...leaf, work: work as unknown as Work4, verdictHash, verdictCount }
}

/** Below the first level stands what nobody has: a hash of words. */
function hide(settled: Settled, words: string): Forged {
  const { root, payoutTree, workTree } = settled
  const hidden = (of: Uint8Array) => keccak256(new TextEncoder().encode(`${words} ${toHex(of)}`))
  const payoutPair = payoutTree.depth === 0 ? undefined : payoutTree.children(payoutTree.depth, 0)
  const workPair = workTree.depth === 0 ? undefined : workTree.children(workTree.depth, 0)
  const payout = payoutPair && pairOf(payoutPair, hidden)
  const work = workPair && pairOf(workPair, hidden)
  const forged: Root = {
    ...root,
    payoutHash: toHex(
      payout === undefined
        ? hidden(payoutTree.hash)
        : parentHash('payout', encodePayoutNode(payout[0]), encodePayoutNode(payout[1])),
    ),
    workHash: toHex(
      work === undefined
        ? hidden(workTree.hash)
        : parentHash('work', encodeWorkNode(work[0]), encodeWorkNode(work[1])),
    ),
  }
  const tops = deriveTops(
    { depth: payoutTree.depth, children: () => payout! },
    { depth: workTree.depth, children: () => work! },
  )
  const names = named(settled, forged)
  return { ...names, tops, trees: undefined, state: { ...settled.state, rootId: names.rootId } }
}

function pairOf<Node extends { readonly hash: Uint8Array }>(
  [left, right]: readonly [Node, Node],
  hidden: (of: Uint8Array) => Uint8Array,
): [Node, Node] {
  return [{ ...left, hash: hidden(left.hash) }, right]
}

function named({ job }: Settled, root: Root): Pick<Forged, 'root' | 'rootId'> {
  return { root, rootId: rootId(job.network, root) }
}
