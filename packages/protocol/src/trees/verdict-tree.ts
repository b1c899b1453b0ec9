import type { LeafSource, SumTreeKind } from './sum-tree.ts'
import { TreeError } from './tree-error.ts'
import { verdictTags } from './tree-tags.ts'
import { fitsUint, requireUint } from './uint.ts'
import { fitsWork, setWork, type Work4, type WorkNode } from './work-node.ts'
import { buildWorkSumTree, runLeadsTo, type WorkSumTree } from './work-sum-tree.ts'

/** A leaf of a device's verdict tree: one observation of one report, and what it was worth. */
export interface VerdictEntry {
  /** Slot of the commitment the report stands in, and its index there; u32 each. */
  readonly slot: number
  readonly index: number
  /** Observation number in the report, u16. */
  readonly observation: number
  /** Reason code, u16; 0 is accepted. */
  readonly reason: number
  readonly work: Work4
}

/** Bytes of a verdict entry's preimage without its tag. */
export const verdictEntryBytes = 60

/** How verdict trees turn an entry into a node. */
export const verdictKind: SumTreeKind = {
  tags: verdictTags,
  leafBytes: verdictEntryBytes,
  sums: 4,
  amountsAt: 12,
  amountBytes: 12,
}

/** Below 0, 0 or above 0 as `a` comes before, with or after `b`: by slot, then index, then observation. */
export const compareVerdictEntries = (a: VerdictEntry, b: VerdictEntry): number =>
  a.slot - b.slot || a.index - b.index || a.observation - b.observation

/** Writes slot u32 ‖ index u32 ‖ observation u16 ‖ reason u16 ‖ work u96 × 4 at `offset` of `rows`. Throws TreeError `leaf_value`. */
export const writeVerdictEntry = (rows: Uint8Array, offset: number, entry: VerdictEntry): void =>
  setEntry(viewOf(rows), offset, entry)

/** An entry's preimage without its tag. Throws TreeError `leaf_value`. */
export const encodeVerdictEntry = (entry: VerdictEntry): Uint8Array => {
  const row = new Uint8Array(verdictEntryBytes)
  writeVerdictEntry(row, 0, entry)
  return row
}

/**
 * Builds the verdict tree of a device. The entries are kept, not copied.
 *
 * @throws TreeError `leaf_order` unless (slot, index, observation) ascends strictly, `leaf_value` for a field out of
 * its bounds, `sum_overflow`.
 */
export const buildVerdictTree = (entries: readonly VerdictEntry[]): WorkSumTree => {
  for (let i = 1; i < entries.length; i++) {
    if (compareVerdictEntries(entries[i - 1]!, entries[i]!) >= 0) throw disorder(i, entries[i]!)
  }
  return buildWorkSumTree(verdictKind, entrySource(entries))
}

/** What {@link verifyVerdictProof} is told about the tree and one of its entries. */
export interface VerdictProof {
  /** Top of the verdict tree: `verdictTop` of the work leaf. */
  readonly top: WorkNode
  /** Entries in the tree: the work leaf's verdict count. */
  readonly count: number
  readonly position: number
  readonly entry: VerdictEntry
  /** 96 bytes each, from the leaf up. */
  readonly siblings: Uint8Array
}

/** Whether the entry stands at its position under that top, and all sums on the way add up. Total. */
export const verifyVerdictProof = ({ top, count, position, entry, siblings }: VerdictProof): boolean => {
  const { slot, index, observation, reason, work } = entry
  if (!fitsUint(slot, 32) || !fitsUint(index, 32) || !fitsUint(observation, 16)) return false
  if (!fitsUint(reason, 16) || !fitsWork(work)) return false
  return runLeadsTo(top, verdictKind, { count, first: position, rows: encodeVerdictEntry(entry), siblings })
}

const entrySource = (entries: readonly VerdictEntry[]): LeafSource => ({
  count: entries.length,
  write: (rows, first, count) => {
    const view = viewOf(rows)
    for (let i = 0; i < count; i++) setEntry(view, i * verdictEntryBytes, entries[first + i]!)
  },
})

const setEntry = (view: DataView, offset: number, entry: VerdictEntry): void => {
  view.setUint32(offset, requireUint(entry.slot, 32, 'slot'))
  view.setUint32(offset + 4, requireUint(entry.index, 32, 'index'))
  view.setUint16(offset + 8, requireUint(entry.observation, 16, 'observation'))
  view.setUint16(offset + 10, requireUint(entry.reason, 16, 'reason'))
  setWork(view, offset + 12, entry.work)
}

const viewOf = (rows: Uint8Array): DataView => new DataView(rows.buffer, rows.byteOffset, rows.byteLength)

const disorder = (position: number, { slot, index, observation }: VerdictEntry): TreeError =>
  new TreeError({
    code: 'leaf_order',
    message:
      `The verdict entry at position ${position}, (slot ${slot}, index ${index}, observation ${observation}), does ` +
      'not come after the one before it.',
    fix: 'Sort entries with compareVerdictEntries and pass each observation once.',
    field: 'entries',
  })
