export { bodyLeaf, bodyTree } from './body-tree.ts'
export {
  buildCarryTree,
  type CarryEntry,
  type CarryProof,
  type CarryTree,
  carryLeaf,
  carryValueBytes,
  encodeCarryEntry,
  verifyCarryProof,
} from './carry-tree.ts'
export { climb } from './climb.ts'
export { deriveBodyRoots } from './derive-body-roots.ts'
export { createEvidenceFrontier, type EvidenceFrontier } from './evidence-frontier.ts'
export { evidenceLeaf, evidenceTree } from './evidence-tree.ts'
export {
  buildPayoutTree,
  decodePayoutNode,
  encodePayoutLeaf,
  encodePayoutNode,
  type PayoutAmounts,
  type PayoutMultiproof,
  type PayoutNode,
  type PayoutProof,
  type PayoutTree,
  payoutMultiproofSiblings,
  payoutTop,
  verifyPayoutMultiproof,
  verifyPayoutProof,
} from './payout-tree.ts'
export {
  buildTree,
  emptyLeaf,
  type PlainProof,
  type PlainTree,
  rootFromProof,
  verifyProof,
} from './plain-tree.ts'
export { type LeafSource, sumHashing, writeLeafNodes } from './sum-tree.ts'
export { treeDepth } from './tree-depth.ts'
export { TreeError } from './tree-error.ts'
export type { TreeHashing } from './tree-levels.ts'
export {
  bodyTags,
  carryTags,
  evidenceTags,
  payoutTags,
  type TreeTags,
  verdictTags,
  workTags,
} from './tree-tags.ts'
export {
  buildVerdictTree,
  compareVerdictEntries,
  encodeVerdictEntry,
  type VerdictEntry,
  type VerdictProof,
  verdictEntryBytes,
  verdictKind,
  verifyVerdictProof,
  writeVerdictEntry,
} from './verdict-tree.ts'
export { decodeWorkNode, encodeWorkNode, type Work4, type WorkNode } from './work-node.ts'
export type { WorkSumTree } from './work-sum-tree.ts'
export {
  buildWorkTree,
  encodeWorkLeaf,
  verdictTop,
  verifyWorkProof,
  type WorkLeaf,
  type WorkProof,
  workLeafBytes,
  writeWorkLeaf,
} from './work-tree.ts'
