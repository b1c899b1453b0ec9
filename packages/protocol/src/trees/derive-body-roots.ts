import { keccak256TaggedRows } from '../keccak/keccak256-rows.ts'
import { climb } from './climb.ts'
import { emptyLeaf } from './plain-tree.ts'
import type { TreeHashing } from './tree-levels.ts'
import { bodyTags } from './tree-tags.ts'

const hashing: TreeHashing = {
  nodeTag: bodyTags.node,
  width: 32,
  empty: emptyLeaf(bodyTags),
  pairOrder: 'position',
}

/** The body roots (spec 5) of many reports, 32 bytes each: what `bodyRoot` derives of one, in far fewer calls. */
export function deriveBodyRoots(bodies: readonly (readonly Uint8Array[])[]): Uint8Array {
  const counts = Uint32Array.from(bodies, (body) => body.length)
  return climb(hashLeaves(bodies.flat()), counts, hashing)
}

/** The leaf hashes of observations: those of one length in one call. */
function hashLeaves(observations: readonly Uint8Array[]): Uint8Array {
  const byLength = new Map<number, number[]>()
  for (let place = 0; place < observations.length; place++) {
    const { length } = observations[place]!
    const places = byLength.get(length)
    if (places === undefined) byLength.set(length, [place])
    else places.push(place)
  }
  const leaves = new Uint8Array(32 * observations.length)
  for (const [length, places] of byLength) {
    const rows = new Uint8Array(length * places.length)
    for (let i = 0; i < places.length; i++) rows.set(observations[places[i]!]!, length * i)
    const hashes = new Uint8Array(32 * places.length)
    keccak256TaggedRows(bodyTags.leaf, rows, length, hashes, 32, places.length)
    for (let i = 0; i < places.length; i++) leaves.set(hashes.subarray(32 * i, 32 * i + 32), 32 * places[i]!)
  }
  return leaves
}
