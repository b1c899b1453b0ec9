import { bodyLeaf, bodyTags, buildTree, keccak256TaggedRows } from '@cairn/protocol'

/**
 * The body root of spec 5, as `bodyRoot` of @cairn/protocol derives it. Observations of one length are hashed together,
 * which is several times as fast, and a device's observations mostly are of few lengths.
 */
export function deriveBodyRoot(observations: readonly Uint8Array[]): Uint8Array {
  const [only] = observations
  if (only !== undefined && observations.length === 1) return bodyLeaf(only)
  return buildTree(bodyLeaves(observations), bodyTags).root
}

function bodyLeaves(observations: readonly Uint8Array[]): Uint8Array {
  const byLength = new Map<number, number[]>()
  for (let position = 0; position < observations.length; position++) {
    const { length } = observations[position]!
    const positions = byLength.get(length)
    if (positions === undefined) byLength.set(length, [position])
    else positions.push(position)
  }
  const leaves = new Uint8Array(32 * observations.length)
  for (const [length, positions] of byLength) {
    if (length === 0 || positions.length === 1) {
      for (const position of positions) leaves.set(bodyLeaf(observations[position]!), 32 * position)
      continue
    }
    const rows = new Uint8Array(length * positions.length)
    for (let i = 0; i < positions.length; i++) rows.set(observations[positions[i]!]!, length * i)
    const hashes = new Uint8Array(32 * positions.length)
    keccak256TaggedRows(bodyTags.leaf, rows, length, hashes)
    for (let i = 0; i < positions.length; i++) {
      leaves.set(hashes.subarray(32 * i, 32 * i + 32), 32 * positions[i]!)
    }
  }
  return leaves
}
