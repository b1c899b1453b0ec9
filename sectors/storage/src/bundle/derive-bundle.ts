import { hashNodePairs, zeroNode } from '../piece/piece-nodes.ts'
import type { PiecePath } from '../piece/piece-path.ts'
import { NODE_BYTES } from '../piece/piece-size.ts'
import type { BundleRow } from './bundle-list.ts'

/** A bundle's tree, above the trees of its rows: spec 10, "Bundles". */
export interface Bundle {
  /** The commitment of the piece that the bundle is, 32 bytes. */
  readonly root: Uint8Array
  /** Leaves that are challenged, Σ 2^height of the rows. */
  readonly leaves: number
  /** Of the whole tree: ⌈log2 leaves⌉. */
  readonly height: number
  /** The first leaf of each row. */
  readonly places: readonly number[]
  readonly layers: readonly BundleLayer[]
}

/** Nodes at one height that are not inside the tree of one row, from the position of the first; zeros follow. */
interface BundleLayer {
  readonly first: number
  readonly nodes: Uint8Array
}

/** Where a leaf of a bundle is: in which of its rows, and which leaf of that. */
export interface BundlePlace {
  readonly position: number
  readonly leaf: number
}

/**
 * The tree of rows that are in the order of a bundle. Rows are highest first, so each stands at a multiple of its size, and what is not inside the tree of a
 * row is, at each height, at the right.
 *
 * @param rows at least one, as `sortBundleRows` or `parseBundleList` give them
 */
export const deriveBundle = (rows: readonly Pick<BundleRow, 'height' | 'root'>[]): Bundle => {
  const places: number[] = []
  let leaves = 0
  for (const { height } of rows) {
    places.push(leaves)
    leaves += 2 ** height
  }
  const height = depthOf(leaves)
  const layers: BundleLayer[] = []
  let below: Uint8Array = new Uint8Array(0)
  for (let level = 0; level <= height; level++) {
    const first = rows.findIndex((row) => row.height <= level)
    const own = rows.filter((row) => row.height === level)
    const nodes = new Uint8Array(own.length * NODE_BYTES + below.length)
    own.forEach(({ root }, i) => {
      nodes.set(root, i * NODE_BYTES)
    })
    nodes.set(below, own.length * NODE_BYTES)
    layers.push({ first: (first < 0 ? leaves : places[first]!) / 2 ** level, nodes })
    if (level < height) below = parentsOf(nodes, level)
  }
  return { root: layers[height]!.nodes.slice(0, NODE_BYTES), leaves, height, places, layers }
}

/** Which leaf of which row a leaf of the bundle is; undefined for padding and beyond. */
export const findBundleLeaf = ({ places, leaves }: Bundle, leaf: number): BundlePlace | undefined => {
  if (!Number.isSafeInteger(leaf) || leaf < 0 || leaf >= leaves) return undefined
  let low = 0
  let high = places.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (places[middle]! <= leaf) low = middle
    else high = middle - 1
  }
  return { position: low, leaf: leaf - places[low]! }
}

/**
 * The path of a leaf of the bundle, from its path in the row at `position`.
 *
 * @param own the path in the row's piece, from leaf to the row's root
 */
export const deriveBundlePath = (bundle: Bundle, position: number, own: PiecePath): PiecePath => {
  const index = bundle.places[position]! + own.index
  const path = [...own.path]
  for (let level = own.path.length; level < bundle.height; level++) {
    path.push(nodeAt(bundle.layers[level]!, level, Math.floor(index / 2 ** level) ^ 1))
  }
  return { index, leaf: own.leaf, path }
}

const depthOf = (leaves: number): number => {
  let depth = 0
  while (2 ** depth < leaves) depth++
  return depth
}

/** A layer begins at an even position, because rows above it are twice as large. */
const parentsOf = (nodes: Uint8Array, level: number): Uint8Array => {
  const isOdd = (nodes.length / NODE_BYTES) % 2 === 1
  const even = isOdd ? new Uint8Array(nodes.length + NODE_BYTES) : nodes
  if (isOdd) {
    even.set(nodes)
    even.set(zeroNode(level), nodes.length)
  }
  const parents = new Uint8Array(even.length / 2)
  hashNodePairs(even, parents)
  return parents
}

const nodeAt = ({ first, nodes }: BundleLayer, level: number, position: number): Uint8Array => {
  const start = (position - first) * NODE_BYTES
  return start < nodes.length ? new Uint8Array(nodes.subarray(start, start + NODE_BYTES)) : zeroNode(level)
}
