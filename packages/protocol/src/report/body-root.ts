import { bodyLeaf, bodyTree } from '../trees/body-tree.ts'

/**
 * The root of the body tree over a report's observations (spec 5), which the header signs. 32 bytes.
 *
 * Most reports have one observation, whose leaf is the root; there no tree is built.
 */
export const bodyRoot = (observations: readonly Uint8Array[]): Uint8Array => {
  const [first] = observations
  return first !== undefined && observations.length === 1 ? bodyLeaf(first) : bodyTree(observations).root
}
