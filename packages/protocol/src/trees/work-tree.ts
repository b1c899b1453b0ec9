import type { LeafSource, SumTreeKind } from './sum-tree.ts'
import { TreeError } from './tree-error.ts'
import { workTags } from './tree-tags.ts'
import { fitsUint, requireHash, requireUint } from './uint.ts'
import { fitsWork, setWork, type Work4, type WorkNode } from './work-node.ts'
import { buildWorkSumTree, runLeadsTo, type WorkSumTree } from './work-sum-tree.ts'

/** A leaf of the work tree: what a device did in a root's range, and the verdict tree that says why. */
export interface WorkLeaf {
  /** Device index, which is the position. */
  readonly index: number
  readonly work: Work4
  /** Hash of the top of the device's verdict tree, whose sums are `work`; 32 bytes. */
  readonly verdictHash: Uint8Array
  /** Entries of that tree. */
  readonly verdictCount: number
}

/** Bytes of a work leaf's preimage without its tag. */
export const workLeafBytes = 88

const kind: SumTreeKind = {
  tags: workTags,
  leafBytes: workLeafBytes,
  sums: 4,
  amountsAt: 4,
  amountBytes: 12,
}

/** Writes index u32 ‖ work u96 × 4 ‖ verdict hash ‖ verdict count u32 at `offset` of `rows`. Throws TreeError `leaf_value`. */
export const writeWorkLeaf = (rows: Uint8Array, offset: number, leaf: WorkLeaf): void =>
  setLeaf(rows, viewOf(rows), offset, leaf)

/** A leaf's preimage without its tag. Throws TreeError `leaf_value`. */
export const encodeWorkLeaf = (leaf: WorkLeaf): Uint8Array => {
  const row = new Uint8Array(workLeafBytes)
  writeWorkLeaf(row, 0, leaf)
  return row
}

/**
 * Builds the work tree: from leaves in index order, or from a source that writes their preimages (see
 * {@link writeWorkLeaf}), which spares a million objects. The leaves are kept, not copied.
 *
 * @throws TreeError `leaf_order` for a leaf whose index is not its position, `leaf_value` for a field out of its
 * bounds, `sum_overflow`.
 */
export const buildWorkTree = (leaves: readonly WorkLeaf[] | LeafSource): WorkSumTree =>
  buildWorkSumTree(kind, inOrder('write' in leaves ? leaves : leafSource(leaves)))

/** What {@link verifyWorkProof} is told about the tree and one of its leaves. */
export interface WorkProof {
  readonly top: WorkNode
  /** Devices in the tree. */
  readonly count: number
  readonly leaf: WorkLeaf
  /** 96 bytes each, from the leaf up. */
  readonly siblings: Uint8Array
}

/** Whether the leaf stands under that top, and all sums on the way add up. Total. */
export const verifyWorkProof = ({ top, count, leaf, siblings }: WorkProof): boolean => {
  const fits = fitsUint(leaf.index, 32) && fitsUint(leaf.verdictCount, 32) && fitsWork(leaf.work)
  if (!fits || leaf.verdictHash.length !== 32) return false
  return runLeadsTo(top, kind, { count, first: leaf.index, rows: encodeWorkLeaf(leaf), siblings })
}

/** The top of the verdict tree under a work leaf. */
export const verdictTop = (leaf: WorkLeaf): WorkNode => ({ hash: leaf.verdictHash, sums: leaf.work })

const leafSource = (leaves: readonly WorkLeaf[]): LeafSource => ({
  count: leaves.length,
  write: (rows, first, count) => {
    const view = viewOf(rows)
    for (let i = 0; i < count; i++) setLeaf(rows, view, i * workLeafBytes, leaves[first + i]!)
  },
})

const inOrder = (source: LeafSource): LeafSource => ({
  count: source.count,
  write: (rows, first, count) => {
    source.write(rows, first, count)
    const view = viewOf(rows)
    for (let i = 0; i < count; i++) {
      const index = view.getUint32(i * workLeafBytes)
      if (index !== first + i) throw misplaced(index, first + i)
    }
  },
})

const setLeaf = (rows: Uint8Array, view: DataView, offset: number, leaf: WorkLeaf): void => {
  view.setUint32(offset, requireUint(leaf.index, 32, 'index'))
  setWork(view, offset + 4, leaf.work)
  rows.set(requireHash(leaf.verdictHash, 'verdictHash'), offset + 52)
  view.setUint32(offset + 84, requireUint(leaf.verdictCount, 32, 'verdictCount'))
}

const viewOf = (rows: Uint8Array): DataView => new DataView(rows.buffer, rows.byteOffset, rows.byteLength)

const misplaced = (index: number, position: number): TreeError =>
  new TreeError({
    code: 'leaf_order',
    message: `The work leaf at position ${position} has index ${index}.`,
    fix: 'Pass one leaf for every device below the device count, in index order.',
    field: 'index',
    value: `${index}`,
  })
