import { type Hex, toHex } from '../hex.ts'
import { evidenceTree } from '../trees/evidence-tree.ts'
import { buildTree, emptyLeaf } from '../trees/plain-tree.ts'
import { evidenceTags } from '../trees/tree-tags.ts'
import { EvidenceError } from './evidence-error.ts'
import { readRun, runBytes, writeRun } from './report-run.ts'

/** Levels of the evidence tree that a segment covers. */
const segmentDepth = 12

/** Reports of a segment; the last one of a log may have fewer. */
export const SEGMENT_LEAVES = 2 ** segmentDepth

/**
 * The content of a segment: `(length u32 ‖ report bytes)` for each report in order (spec 3).
 *
 * @throws EvidenceError (`malformed_segment`) for more reports than a segment has.
 */
export const encodeSegment = (reports: readonly Uint8Array[]): Uint8Array => {
  if (reports.length > SEGMENT_LEAVES) {
    throw new EvidenceError({
      code: 'malformed_segment',
      message: `A segment of ${reports.length} reports was asked for; it has at most ${SEGMENT_LEAVES}.`,
      fix: `Cut the log at multiples of ${SEGMENT_LEAVES}.`,
    })
  }
  const bytes = new Uint8Array(runBytes(reports))
  writeRun(bytes, 0, reports)
  return bytes
}

/**
 * The reports of a segment's content, as views, not yet parsed. To trust them, parse each, compare its body root, take its
 * `recordHash` and compare {@link segmentId}.
 *
 * @throws EvidenceError (`malformed_segment`, with `meta.offset`) when the bytes are not whole reports of a permitted size, or too many.
 */
export const parseSegment = (bytes: Uint8Array): Uint8Array[] => {
  const reports = readRun(bytes, 0, bytes.length, SEGMENT_LEAVES)
  if (typeof reports !== 'number') return reports
  throw new EvidenceError({
    code: 'malformed_segment',
    message: `The segment is broken at byte ${reports}: there should be the length and bytes of a report, or the end.`,
    fix: 'Fetch the segment from another ingest or verifier; its id says which bytes are right.',
    field: 'segment',
    meta: { offset: reports },
  })
}

/**
 * The ids of a log's segments in order: the roots of the evidence tree's subtrees of 2^12 leaves, or the evidence root
 * where it is no deeper than that. A log without reports has no segments.
 *
 * @param recordHashes 32 bytes for each report of the log, in index order.
 * @throws TreeError (`leaf_size`) when the bytes are not whole hashes.
 */
export const segmentIds = (recordHashes: Uint8Array): Hex[] => {
  const tree = evidenceTree(recordHashes)
  const height = Math.min(tree.depth, segmentDepth)
  return Array.from({ length: Math.ceil(tree.count / SEGMENT_LEAVES) }, (_, i) => toHex(tree.node(height, i)))
}

/**
 * The id of one segment from its own record hashes, for readers who have not the rest of the log.
 *
 * @param logCount reports of the whole log, as committed on chain.
 * @throws TreeError (`leaf_size`) when the bytes are not whole hashes.
 */
export const segmentId = (recordHashes: Uint8Array, logCount: number): Hex => {
  const tree = evidenceTree(recordHashes)
  if (logCount <= SEGMENT_LEAVES || tree.depth >= segmentDepth) return toHex(tree.root)
  const empty = emptyLeaf(evidenceTags)
  const leaves = new Uint8Array(32 * SEGMENT_LEAVES)
  for (let i = 0; i < SEGMENT_LEAVES; i++) leaves.set(i < tree.count ? tree.node(0, i) : empty, 32 * i)
  return toHex(buildTree(leaves, evidenceTags).root)
}
