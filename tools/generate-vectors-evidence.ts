import {
  encodeGroup,
  encodeSegment,
  evidenceLeaf,
  evidenceTree,
  fromHex,
  type GroupCommit,
  groupCommitDigest,
  keccak256,
  SEGMENT_LEAVES,
  segmentIds,
  toHex,
} from '@cairn/protocol'
import type { GeneratedFile } from './generated-files.ts'
import { sha256, vectorFile, vectorKeys, vectorNetwork } from './vector-keys.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const domain = { chainId: 31_337, verifyingContract: toHex(keccak256(ascii('IngestChallenges')).slice(12)) }
/** What stands in for the record hash of report i in every tree here: sha256 of i as a u32. */
const hashes = (first: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => sha256(fromHex(`0x${(first + i).toString(16).padStart(8, '0')}`)))
const joined = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

/** Spec 3: leaves, group commits, receipts, segments and a record of the log. */
export async function generate(): Promise<GeneratedFile[]> {
  const groups = [
    { epoch: 12, first: 0, count: 1 },
    { epoch: 12, first: 1, count: 5 },
    { epoch: 0xffff_ffff, first: 0xffff_fffe, count: 2 },
  ]
  return [
    vectorFile('evidence', {
      leaves: hashes(0, 3).map((hash) => ({ reportHash: toHex(hash), leaf: toHex(evidenceLeaf(hash)) })),
      roots: [0, 1, 2, 3, 5, 8, 9].map((count) => ({
        count: String(count),
        recordHashes: hashes(0, count).map(toHex),
        root: toHex(evidenceTree(joined(hashes(0, count))).root),
      })),
      groupCommits: groups.map((group) => describeGroup(group)),
      receipts: groups.flatMap((group) => describeReceipts(group)),
      segments: [1, 3, SEGMENT_LEAVES, SEGMENT_LEAVES + 1].map((count) => ({
        count: String(count),
        evidenceRoot: toHex(evidenceTree(joined(hashes(0, count))).root),
        segmentIds: segmentIds(joined(hashes(0, count))),
      })),
      log: describeLog(),
    }),
  ]
}

interface Range {
  readonly epoch: number
  readonly first: number
  readonly count: number
}

function describeGroup({ epoch, first, count }: Range) {
  const group: GroupCommit = {
    network: vectorNetwork,
    epoch,
    first,
    count,
    batchRoot: toHex(evidenceTree(joined(hashes(first, count))).root),
  }
  const digest = groupCommitDigest(domain, group)
  return {
    chainId: String(domain.chainId),
    verifyingContract: domain.verifyingContract,
    network: vectorNetwork,
    epoch: String(epoch),
    first: String(first),
    count: String(count),
    batchRoot: group.batchRoot,
    digest: toHex(digest),
    ingest: vectorKeys.ingest.address,
    signature: toHex(vectorKeys.ingest.signDigest(digest)),
  }
}

function describeReceipts(range: Range) {
  const recordHashes = hashes(range.first, range.count)
  const tree = evidenceTree(joined(recordHashes))
  return recordHashes.map((hash, position) => ({
    ...describeGroup(range),
    index: String(range.first + position),
    reportHash: toHex(hash),
    path: tree.proof(position).map(toHex),
  }))
}

/** The bytes of the reports are not looked at by log and segment, so these are short. */
function describeLog() {
  const reports = [ascii('a report'), new Uint8Array(), ascii('another report')]
  return {
    epoch: '12',
    first: '5',
    reports: reports.map(toHex),
    record: toHex(encodeGroup({ epoch: 12, first: 5, reports })),
    segment: toHex(encodeSegment(reports)),
  }
}
