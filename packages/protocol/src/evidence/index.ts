export { crc32c } from './crc32c.ts'
export { EvidenceError } from './evidence-error.ts'
export {
  type GroupCommit,
  type GroupCommitDomain,
  groupCommitDigest,
  parseGroupCommit,
} from './group-commit.ts'
export { encodeGroup, type LogGroup, parseGroups } from './log-record.ts'
export { parseReceipt, type Receipt, receiptHolds } from './receipt.ts'
export { ReceiptError } from './receipt-error.ts'
export { encodeSegment, parseSegment, SEGMENT_LEAVES, segmentId, segmentIds } from './segment.ts'
