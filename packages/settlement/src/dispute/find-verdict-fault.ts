import { compareBytes, toHex, treeDepth } from '@cairn/protocol'
import { alignLeaves } from './align-leaves.ts'
import { demandNode, workDescent } from './claim.ts'
import type { Demand, Proof, VerdictEntryProof, WorkLeafProof } from './fault.ts'
import { decodeVerdictEntry } from './leaf-codec.ts'
import type { NodeTree } from './node-tree.ts'
import type { RootTrees } from './root-trees.ts'
import type { Shown } from './shown.ts'
import { packNode } from './tree-form.ts'
import { type ClaimedTree, siblingsAt, type Walk, walkTree } from './walk-tree.ts'

const KEY_BYTES = 10

/** What is wrong under a work leaf that differs from the true one. */
export interface VerdictFindings {
  readonly proofs: readonly Proof[]
  readonly demands: readonly Demand[]
  readonly unprovable: readonly string[]
}

/**
 * Looks for the fault in the verdict tree under a claimed work leaf.
 *
 * @param work the claimed leaf and its proof; its device is one of the root's
 */
export function findVerdictFault(work: WorkLeafProof, honest: RootTrees, shown: Shown): VerdictFindings {
  const { index: device, verdictHash, verdictCount, work: sums } = work.leaf
  const truth = honest.verdict(device)!
  const revealed = shown.leaves('verdict', device)
  const claimed: ClaimedTree = {
    tree: 'verdict',
    device,
    depth: treeDepth(verdictCount),
    top: packNode(verdictHash, sums),
    origin: alignLeaves('verdict', truth, revealed, verdictCount),
  }
  const walk = walkTree(claimed, shown)
  const proofs: Proof[] = walk.unequal.map((at) => ({
    kind: 'bad-verdict-sum',
    work,
    descent: workDescent(at),
  }))
  const entries = knownEntries(walk, verdictCount)
  const disorder = findDisorder(walk, entries, work)
  if (disorder !== undefined) proofs.push(disorder)
  const { unbacked, excused } = findUnbacked(walk, entries, truth, honest, shown, work)
  const hidden = walk.hidden.map((at) => demandNode(claimed, at, work))
  return { proofs, demands: [...unbacked, ...hidden], unprovable: excused }
}

/** Entries of the claimed tree that are known, by position, ascending. */
function knownEntries({ known, leaves }: Walk, count: number): ReadonlyMap<number, Uint8Array> {
  const entries: [number, Uint8Array][] = leaves.map(({ at, leaf }) => [at.position, leaf])
  for (const { at, origin } of known) {
    const size = 2 ** at.height
    for (let i = 0; i < size && at.position * size + i < count; i++) {
      const leaf = origin.tree.leaf(origin.position * size + i)
      if (leaf !== undefined) entries.push([at.position * size + i, leaf])
    }
  }
  return new Map(entries.sort(([a], [b]) => a - b))
}

function findDisorder(
  walk: Walk,
  entries: ReadonlyMap<number, Uint8Array>,
  work: WorkLeafProof,
): Proof | undefined {
  for (const [position, leaf] of entries) {
    const next = entries.get(position + 1)
    if (next === undefined || compareBytes(leaf.subarray(0, KEY_BYTES), next.subarray(0, KEY_BYTES)) < 0)
      continue
    const a = entryProof(walk, position, leaf)
    const b = entryProof(walk, position + 1, next)
    if (a !== undefined && b !== undefined) return { kind: 'disorder', work, a, b }
  }
  return undefined
}

/** One entry without backing is enough, so only the one with the most work is demanded. */
function findUnbacked(
  walk: Walk,
  entries: ReadonlyMap<number, Uint8Array>,
  truth: NodeTree,
  honest: RootTrees,
  shown: Shown,
  work: WorkLeafProof,
): { unbacked: Demand[]; excused: string[] } {
  const device = work.leaf.index
  const trueEntries = new Set(Array.from({ length: truth.count }, (_, i) => toHex(truth.leaf(i)!)))
  const suspects: VerdictEntryProof[] = []
  const excused: string[] = []
  for (const [position, leaf] of entries) {
    if (trueEntries.has(toHex(leaf))) continue
    const entry = decodeVerdictEntry(leaf)
    const proof = entryProof(walk, position, leaf)
    const isBacked = shown.isBacked(device, entry) || honest.backing(device, entry) !== undefined
    const hasWork = entry.work.some((amount) => amount > 0n)
    if (hasWork && !isBacked && proof !== undefined) suspects.push(proof)
    else excused.push(describe(device, entry, isBacked))
  }
  suspects.sort((a, b) => (totalOf(a) === totalOf(b) ? 0 : totalOf(a) > totalOf(b) ? -1 : 1))
  return {
    unbacked: suspects.slice(0, 1).map((verdict) => ({ kind: 'unbacked', device, work, verdict })),
    excused,
  }
}

function entryProof(walk: Walk, position: number, leaf: Uint8Array): VerdictEntryProof | undefined {
  const siblings = siblingsAt(walk, position)
  return siblings && { entry: decodeVerdictEntry(leaf), position, siblings }
}

function totalOf({ entry }: VerdictEntryProof): bigint {
  return entry.work.reduce((sum, amount) => sum + amount, 0n)
}

function describe(
  device: number,
  { slot, index, observation }: VerdictEntryProof['entry'],
  isBacked: boolean,
): string {
  const what = isBacked
    ? 'rests on a report, but the rules give it another verdict'
    : 'has no work, so nothing backs it'
  return `the entry (slot ${slot}, index ${index}, observation ${observation}) of device ${device} ${what}`
}
