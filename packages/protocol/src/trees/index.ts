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
export { createEvidenceFrontier, type EvidenceFrontier } from './evidence-frontier.ts'
export { evidenceLeaf, evidenceTree } from './evidence-tree.ts'
export {
  buildTree,
  emptyLeaf,
  type PlainProof,
  type PlainTree,
  rootFromProof,
  verifyProof,
} from './plain-tree.ts'
export { treeDepth } from './tree-depth.ts'
export { TreeError } from './tree-error.ts'
export { bodyTags, carryTags, evidenceTags, type TreeTags } from './tree-tags.ts'
