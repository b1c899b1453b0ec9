import { concatBytes } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { buildTree, type PlainTree } from './plain-tree.ts'
import { bodyTags } from './tree-tags.ts'

const leafTag = Uint8Array.of(bodyTags.leaf)

/** The leaf hash of an observation in its report's body tree: H(10 ‖ observation bytes). */
export const bodyLeaf = (observation: Uint8Array): Uint8Array => keccak256(concatBytes(leafTag, observation))

/** The body tree of a report: position = observation number (spec 5). */
export const bodyTree = (observations: readonly Uint8Array[]): PlainTree => {
  const leaves = new Uint8Array(observations.length * 32)
  observations.forEach((observation, i) => {
    leaves.set(bodyLeaf(observation), i * 32)
  })
  return buildTree(leaves, bodyTags)
}
