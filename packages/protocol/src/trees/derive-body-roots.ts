import { keccak256TaggedRows } from '../keccak/keccak256-rows.ts'
import type { BodySpans } from '../report/body-spans.ts'
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

/**
 * The body roots (spec 5) of many reports, 32 bytes each: what `bodyRoot` derives of one, in far fewer calls.
 *
 * @param buffer what the reports are views of
 */
export function deriveBodyRoots(buffer: ArrayBufferLike, spans: BodySpans): Uint8Array {
  return climb(hashLeaves(new Uint8Array(buffer), spans), Uint32Array.from(spans.counts), hashing)
}

/** The leaf hashes of observations: those of one length in one call. */
function hashLeaves(source: Uint8Array, { starts, lengths }: BodySpans): Uint8Array {
  const leaves = new Uint8Array(32 * starts.length)
  const byLength = groupByLength(lengths)
  for (const [length, places] of byLength) {
    const rows = gather(source, starts, places, length)
    // Mostly all are of one length, and each hash can go where it belongs.
    const hashes = byLength.size === 1 ? leaves : new Uint8Array(32 * places.length)
    keccak256TaggedRows(bodyTags.leaf, rows, length, hashes, 32, places.length)
    if (hashes !== leaves) scatter(hashes, places, leaves)
  }
  return leaves
}

function groupByLength(lengths: readonly number[]): Map<number, number[]> {
  const byLength = new Map<number, number[]>()
  for (let place = 0; place < lengths.length; place++) {
    const places = byLength.get(lengths[place]!)
    if (places === undefined) byLength.set(lengths[place]!, [place])
    else places.push(place)
  }
  return byLength
}

/** Byte by byte, and below word by word: a view for each would cost as much as the hashing. */
function gather(source: Uint8Array, starts: readonly number[], places: readonly number[], length: number) {
  const rows = new Uint8Array(length * places.length)
  let to = 0
  for (const place of places) {
    const start = starts[place]!
    for (let i = start; i < start + length; i++) rows[to++] = source[i]!
  }
  return rows
}

function scatter(hashes: Uint8Array, places: readonly number[], leaves: Uint8Array): void {
  const from = new Uint32Array(hashes.buffer)
  const to = new Uint32Array(leaves.buffer)
  for (let i = 0; i < places.length; i++) {
    const place = 8 * places[i]!
    for (let word = 0; word < 8; word++) to[place + word] = from[8 * i + word]!
  }
}
