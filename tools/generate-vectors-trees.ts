import {
  bodyTags,
  bodyTree,
  buildCarryTree,
  buildPayoutTree,
  buildTree,
  buildVerdictTree,
  buildWorkTree,
  type CarryEntry,
  carryLeaf,
  carryTags,
  deriveTops,
  emptyLeaf,
  encodeCarryEntry,
  encodePayoutLeaf,
  encodePayoutNode,
  encodeRoot,
  encodeVerdictEntry,
  encodeWorkLeaf,
  encodeWorkNode,
  evidenceTags,
  evidenceTree,
  keccak256,
  type PayoutNode,
  payoutTags,
  payoutTop,
  type Root,
  rootId,
  type TopPayoutNode,
  type TopWorkNode,
  toHex,
  type VerdictEntry,
  verdictTags,
  type Work4,
  type WorkLeaf,
  type WorkNode,
  type WorkSumTree,
  workTags,
} from '@cairn/protocol'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile, vectorNetwork } from './vector-keys.ts'

/** A hash that belongs to nothing, the same every time. */
const hashOf = (what: string): Uint8Array => keccak256(new TextEncoder().encode(`cairn vector ${what}`))

/**
 * Spec 5: trees of every kind with proofs, and a root with its id. Integers are decimal strings and bytes are hex, so
 * that Solidity reads them as they are; siblings are one string of bytes, from the leaf up.
 */
export async function generate(): Promise<GeneratedFile[]> {
  return [
    vectorFile('trees', {
      empty: describeEmptyLeaves(),
      plain: [0, 1, 2, 3, 5, 8].map(describePlain),
      payout: [1, 5, 13].map(describePayout),
      work: [1, 5].map(describeWork),
      verdict: [0, 1, 3, 6].map(describeVerdict),
      carry: [0, 1, 3].map(describeCarry),
    }),
    vectorFile('root', { roots: [describeRoot(0), describeRoot(1), describeRoot(13)] }),
  ]
}

function describeEmptyLeaves() {
  const kinds = {
    evidence: evidenceTags,
    body: bodyTags,
    payout: payoutTags,
    work: workTags,
    verdict: verdictTags,
    carry: carryTags,
  }
  return Object.fromEntries(Object.entries(kinds).map(([kind, tags]) => [kind, toHex(emptyLeaf(tags))]))
}

/** An evidence and a body tree; leaves here are leaf hashes. */
function describePlain(count: number) {
  const recordHashes = Array.from({ length: count }, (_, i) => hashOf(`report ${i}`))
  const observations = Array.from({ length: count }, (_, i) => hashOf(`observation ${i}`).slice(0, i * 3))
  const evidence = evidenceTree(join(recordHashes))
  const body = bodyTree(observations)
  const leafHashes = recordHashes.map((_, i) => evidence.node(0, i))
  if (toHex(buildTree(join(leafHashes), evidenceTags).root) !== toHex(evidence.root))
    throw new Error('trees differ')
  return {
    count: String(count),
    depth: String(evidence.depth),
    recordHashes: recordHashes.map(toHex),
    evidenceLeaves: leafHashes.map(toHex),
    evidenceRoot: toHex(evidence.root),
    evidenceProofs: recordHashes.map((_, position) => toHex(join(evidence.proof(position)))),
    observations: observations.map(toHex),
    bodyRoot: toHex(body.root),
    bodyProofs: observations.map((_, position) => toHex(join(body.proof(position)))),
  }
}

/** What devices of the vectors have earned: nothing, a little, and more than 64 bits hold. */
const cumulativeOf = (index: number): bigint =>
  index % 4 === 1 ? 0n : (BigInt(index) + 1n) * 10n ** 18n * 3n ** BigInt(index)

function describePayout(count: number) {
  const cumulatives = Array.from({ length: count }, (_, index) => cumulativeOf(index))
  const tree = buildPayoutTree(cumulatives)
  const runs = Array.from({ length: count }, (_, first) =>
    [1, 2, 3, 4, 7, count].map((run) => ({ first, run })),
  )
    .flat()
    .filter(({ first, run }) => first + run <= count)
    .filter(({ first, run }, i, all) => all.findIndex((o) => o.first === first && o.run === run) === i)
  return {
    count: String(count),
    depth: String(tree.depth),
    hash: toHex(tree.hash),
    sum: String(tree.sum),
    top: toHex(payoutTop(tree.hash, tree.sum)),
    cumulatives: cumulatives.map(String),
    leaves: cumulatives.map((each, index) => toHex(encodePayoutLeaf(index, each))),
    proofs: cumulatives.map((_, index) => toHex(tree.proof(index))),
    multiproofs: runs.map(({ first, run }) => ({
      first: String(first),
      run: String(run),
      siblings: toHex(tree.multiproof(first, run)),
    })),
    descents: cumulatives.map((_, index) => descend(tree, index, encodePayoutNode)),
  }
}

const workOf = (index: number): Work4 => [BigInt(index) * 7n, index % 3 === 0 ? 0n : 2n ** 90n, 1n, 0n]

const entriesOf = (count: number): VerdictEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    slot: Math.floor(i / 3),
    index: 10 + Math.floor(i / 2),
    observation: i,
    reason: i % 3 === 2 ? 100 + i : 0,
    work: i % 3 === 2 ? [0n, 0n, 0n, 0n] : workOf(i + 1),
  }))

/** Device `index` has as many verdicts as its index. */
const workLeavesOf = (count: number): WorkLeaf[] =>
  Array.from({ length: count }, (_, index) => {
    const verdicts = buildVerdictTree(entriesOf(index))
    return { index, work: verdicts.sums, verdictHash: verdicts.hash, verdictCount: verdicts.count }
  })

function describeWork(count: number) {
  const leaves = workLeavesOf(count)
  const tree = buildWorkTree(leaves)
  return {
    ...describeWorkSums(tree),
    leaves: leaves.map((leaf) => ({
      index: String(leaf.index),
      work: leaf.work.map(String),
      verdictHash: toHex(leaf.verdictHash),
      verdictCount: String(leaf.verdictCount),
      encoded: toHex(encodeWorkLeaf(leaf)),
      siblings: toHex(tree.proof(leaf.index)),
    })),
  }
}

function describeVerdict(count: number) {
  const entries = entriesOf(count)
  const tree = buildVerdictTree(entries)
  return {
    ...describeWorkSums(tree),
    entries: entries.map((entry, position) => ({
      slot: String(entry.slot),
      index: String(entry.index),
      observation: String(entry.observation),
      reason: String(entry.reason),
      work: entry.work.map(String),
      encoded: toHex(encodeVerdictEntry(entry)),
      siblings: toHex(tree.proof(position)),
    })),
  }
}

const describeWorkSums = (tree: WorkSumTree) => ({
  count: String(tree.count),
  depth: String(tree.depth),
  hash: toHex(tree.hash),
  sums: tree.sums.map(String),
  descents: Array.from({ length: tree.count }, (_, position) => descend(tree, position, encodeWorkNode)),
})

function describeCarry(count: number) {
  const entries = carryEntriesOf(count)
  const tree = buildCarryTree(entries)
  return {
    count: String(count),
    depth: String(tree.depth),
    root: toHex(tree.root),
    entries: entries.map((entry, position) => ({
      key: toHex(entry.key),
      lastEpoch: String(entry.lastEpoch),
      value: toHex(entry.value),
      encoded: toHex(encodeCarryEntry(entry)),
      leaf: toHex(carryLeaf(entry)),
      siblings: toHex(join(tree.proof(position))),
    })),
  }
}

const carryEntriesOf = (count: number): CarryEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    key: Uint8Array.from(hashOf(`carry ${i}`).with(0, i)),
    lastEpoch: 40 + i,
    value: hashOf(`value ${i}`).slice(0, 11 * i),
  }))

/** A root over the trees above with that many devices, the first one of its network when there are none. */
function describeRoot(deviceCount: number) {
  const payout = buildPayoutTree(Array.from({ length: deviceCount }, (_, index) => cumulativeOf(index)))
  const work = buildWorkTree(workLeavesOf(deviceCount))
  const carry = buildCarryTree(carryEntriesOf(Math.min(deviceCount, 3)))
  const none = toHex(new Uint8Array(32))
  const root: Root = {
    parent: deviceCount === 0 ? none : toHex(hashOf('parent')),
    first: deviceCount,
    last: 2 * deviceCount,
    evidenceEnd: 3 * deviceCount,
    evidenceSet: deviceCount === 0 ? 0n : 2n ** 255n + 5n,
    ruleset: toHex(hashOf('ruleset')),
    deviceCount,
    payoutHash: toHex(payout.hash),
    payoutSum: payout.sum,
    workHash: toHex(work.hash),
    workSums: work.sums,
    carryHash: toHex(carry.root),
    carryCount: carry.count,
    partitionHash: none,
  }
  const tops = deriveTops(payout, work)
  return {
    network: vectorNetwork,
    root: inDecimals(root),
    encoded: toHex(encodeRoot(vectorNetwork, root)),
    id: rootId(vectorNetwork, root),
    payoutTop: toHex(payoutTop(payout.hash, payout.sum)),
    tops: {
      payoutLeft: describePayoutTop(tops.payoutLeft),
      payoutRight: describePayoutTop(tops.payoutRight),
      workLeft: describeWorkTop(tops.workLeft),
      workRight: describeWorkTop(tops.workRight),
    },
  }
}

const inDecimals = ({ workSums, ...root }: Root) => ({
  ...Object.fromEntries(Object.entries(root).map(([field, value]) => [field, String(value)])),
  workSums: workSums.map(String),
})

const describePayoutTop = ({ hash, sum }: TopPayoutNode) => ({ hash, sum: String(sum) })
const describeWorkTop = ({ hash, sums }: TopWorkNode) => ({ hash, sums: sums.map(String) })

/** The pairs of children on the way from the top to a leaf, left ‖ right each, as a dispute shows them. */
function descend<Node extends PayoutNode | WorkNode>(
  tree: { depth: number; children(height: number, position: number): [Node, Node] },
  leaf: number,
  encode: (node: Node) => Uint8Array,
): string {
  const heights = Array.from({ length: tree.depth }, (_, i) => tree.depth - i)
  return toHex(
    join(heights.flatMap((height) => tree.children(height, Math.floor(leaf / 2 ** height)).map(encode))),
  )
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
