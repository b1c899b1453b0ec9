import { equalBytes, fromHex, type Hex } from '../hex.ts'
import { evidenceLeaf } from '../trees/evidence-tree.ts'
import { rootFromProof } from '../trees/plain-tree.ts'
import { treeDepth } from '../trees/tree-depth.ts'
import { evidenceTags } from '../trees/tree-tags.ts'
import { type GroupCommit, parseGroupCommit } from './group-commit.ts'
import { ReceiptError } from './receipt-error.ts'
import { parseBytes, parseFields, parseU32 } from './receipt-fields.ts'

/** An ingest's promise that a report will stand at `index` of the epoch's evidence (spec 3). */
export interface Receipt {
  readonly group: GroupCommit
  /** The ingest's secp256k1 signature over the group commit's digest, r ‖ s ‖ v, 65 bytes. */
  readonly signature: Hex
  /** Index in the epoch's log, not in the group. */
  readonly index: number
  /** Siblings in the batch tree from the leaf up, 32 bytes each. */
  readonly path: readonly Hex[]
  /** What stands in the tree for the report: its record hash (spec 3), which `proveOmission` takes under this name. */
  readonly recordHash: Hex
}

/**
 * A receipt from JSON: every field of its width, the index inside the group, the path as long as the batch tree is deep.
 * Whether the path leads to the batch root says {@link receiptHolds}; whose signature it is, the chain package.
 *
 * @throws ReceiptError (`malformed_receipt`, with the field).
 */
export const parseReceipt = (value: unknown): Receipt => {
  const fields = parseFields(value, 'receipt')
  const group = parseGroupCommit(fields.group)
  const index = parseU32(fields.index, 'index')
  if (index < group.first || index >= group.first + group.count) {
    throw new ReceiptError(
      'index',
      index,
      `from ${group.first} to ${group.first + group.count - 1}, as its group says`,
    )
  }
  const depth = treeDepth(group.count)
  const { path } = fields
  if (!Array.isArray(path) || path.length !== depth) {
    throw new ReceiptError('path', path, `${depth} siblings, the depth of a tree of ${group.count}`)
  }
  return {
    group,
    signature: parseBytes(fields.signature, 65, 'signature'),
    index,
    path: path.map((sibling, level) => parseBytes(sibling, 32, `path.${level}`)),
    recordHash: parseBytes(fields.recordHash, 32, 'recordHash'),
  }
}

/** Whether the receipt's path leads from its report, at its index, to the batch root that the ingest signed. */
export const receiptHolds = ({ group, index, path, recordHash }: Receipt): boolean => {
  const position = index - group.first
  if (position < 0 || position >= group.count || path.length !== treeDepth(group.count)) return false
  const leaf = evidenceLeaf(fromHex(recordHash))
  return equalBytes(rootFromProof(leaf, position, path.map(fromHex), evidenceTags), fromHex(group.batchRoot))
}
