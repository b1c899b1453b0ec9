import { keccak256TaggedRows } from '../keccak/keccak256-rows.ts'
import { buildTree, type PlainTree } from './plain-tree.ts'
import { TreeError } from './tree-error.ts'
import { evidenceTags } from './tree-tags.ts'

/** The leaf hash of a report in an evidence tree: H(00 ‖ report hash). Throws TreeError `leaf_size`. */
export const evidenceLeaf = (recordHash: Uint8Array): Uint8Array => {
  if (recordHash.length !== 32) throw wrongSize(recordHash.length)
  const leaf = new Uint8Array(32)
  keccak256TaggedRows(evidenceTags.leaf, recordHash, 32, leaf)
  return leaf
}

/**
 * The evidence tree of an epoch's log, or the batch tree of a group commit (specs 3 and 5).
 *
 * @param recordHashes 32 bytes for each report, in index order.
 * @throws TreeError `leaf_size` when the bytes are not whole hashes.
 */
export const evidenceTree = (recordHashes: Uint8Array): PlainTree => {
  if (recordHashes.length % 32 !== 0) throw wrongSize(recordHashes.length)
  const leaves = new Uint8Array(recordHashes.length)
  keccak256TaggedRows(evidenceTags.leaf, recordHashes, 32, leaves)
  return buildTree(leaves, evidenceTags)
}

const wrongSize = (found: number): TreeError =>
  new TreeError({
    code: 'leaf_size',
    message: `The report hashes have ${found} bytes, which is not 32 for each.`,
    fix: 'A report hash is 32 bytes: pass whole ones, one after the other.',
  })
