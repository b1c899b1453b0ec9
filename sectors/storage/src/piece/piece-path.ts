import { describeValue, equalBytes } from '@cairn/protocol'
import { padSegment, SEGMENT_BYTES } from './fr32-kernel.ts'
import { PieceError } from './piece-error.ts'
import { derivePieceIndex, type PieceIndex, SEGMENT_HEIGHT } from './piece-hasher.ts'
import { buildLayers, hashNodePairs, zeroNode } from './piece-nodes.ts'
import { NODE_BYTES } from './piece-size.ts'

/** A leaf with what proves it: siblings of 32 bytes, from the leaf up, as many as the tree is high. */
export interface PiecePath {
  /** From 0. */
  readonly index: number
  /** 32 bytes. */
  readonly leaf: Uint8Array
  readonly path: readonly Uint8Array[]
}

/** Raw bytes of a piece: `lengthBytes` from `offset`. */
export interface PieceSegment {
  readonly offset: number
  readonly lengthBytes: number
}

/**
 * The raw bytes that the path of leaf `index` needs beside the piece's index: 65 024 of them, fewer at the end, none where
 * all is padding.
 *
 * @throws PieceError `no_such_leaf`
 */
export const derivePieceSegment = (
  { sizeBytes, height }: Pick<PieceIndex, 'sizeBytes' | 'height'>,
  index: number,
): PieceSegment => {
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** height) {
    throw new PieceError({
      code: 'no_such_leaf',
      message: `Leaf ${describeValue(index)} was asked of a piece that has ${2 ** height}, counted from 0.`,
      fix: 'Ask for a leaf of this piece; a challenge across a set of pieces is reduced by the leaves of those before.',
      field: 'index',
      value: describeValue(index),
    })
  }
  const offset = Math.min(Math.floor(index / 2 ** SEGMENT_HEIGHT) * SEGMENT_BYTES, sizeBytes)
  return { offset, lengthBytes: Math.min(SEGMENT_BYTES, sizeBytes - offset) }
}

/**
 * The path of leaf `index`, from the piece's index and the raw bytes of {@link derivePieceSegment}.
 *
 * @throws PieceError `no_such_leaf`; `wrong_segment` where the bytes are not those the piece was made of
 */
export const derivePiecePath = (piece: PieceIndex, index: number, segment: Uint8Array): PiecePath => {
  const { offset, lengthBytes } = derivePieceSegment(piece, index)
  const below = Math.min(SEGMENT_HEIGHT, piece.height)
  const lower = buildLayers(leavesOf(segment), 0, below)
  const upper = buildLayers(piece.nodes, below, piece.height)
  const path: Uint8Array[] = []
  for (let level = 0; level < below; level++) {
    path.push(nodeAt(lower, level, 0, (Math.floor(index / 2 ** level) % 2 ** (below - level)) ^ 1))
  }
  const position = Math.floor(index / 2 ** below)
  const top = nodeAt(lower, below, 0, 0)
  if (segment.length !== lengthBytes || !equalBytes(top, nodeAt(upper, below, below, position))) {
    throw new PieceError({
      code: 'wrong_segment',
      message: `${segment.length} bytes do not hash to the node of the piece that covers its ${lengthBytes} bytes from ${offset}.`,
      fix: 'Read the piece again from a good copy: these bytes are damaged, or of another piece.',
      field: 'segment',
      value: describeValue(segment),
      meta: { offset, lengthBytes },
    })
  }
  for (let level = below; level < piece.height; level++) {
    path.push(nodeAt(upper, level, below, Math.floor(index / 2 ** level) ^ 1))
  }
  return { index, leaf: nodeAt(lower, 0, 0, index % 2 ** below), path }
}

/** As {@link derivePiecePath} for data that are in memory. Reads all of them; an index spares that. */
export const derivePiecePathOf = (data: Uint8Array, index: number): PiecePath => {
  const piece = derivePieceIndex(data)
  const { offset, lengthBytes } = derivePieceSegment(piece, index)
  return derivePiecePath(piece, index, data.subarray(offset, offset + lengthBytes))
}

/** Whether `path` leads from `leaf` at `index` to `root`. Total: false for whatever is not a path. */
export const verifyPiecePath = (
  root: Uint8Array,
  leaf: Uint8Array,
  index: number,
  path: readonly Uint8Array[],
): boolean => {
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** path.length) return false
  if (leaf.length !== NODE_BYTES || path.some((sibling) => sibling.length !== NODE_BYTES)) return false
  const pair = new Uint8Array(2 * NODE_BYTES)
  const node = new Uint8Array(leaf)
  let position = index
  for (const sibling of path) {
    pair.set(position % 2 === 0 ? node : sibling, 0)
    pair.set(position % 2 === 0 ? sibling : node, NODE_BYTES)
    hashNodePairs(pair, node)
    position = Math.floor(position / 2)
  }
  return equalBytes(node, root)
}

/** The leaves of at most a segment, in memory of their own; none of what is no segment. */
const leavesOf = (segment: Uint8Array): Uint8Array =>
  segment.length === 0 || segment.length > SEGMENT_BYTES ? new Uint8Array(0) : padSegment(segment).slice()

/** A node of layers that begin at height `from`; behind the last one stored all is zeros. */
const nodeAt = (layers: readonly Uint8Array[], level: number, from: number, position: number): Uint8Array => {
  const layer = layers[level - from]!
  const start = position * NODE_BYTES
  return start < layer.length ? new Uint8Array(layer.subarray(start, start + NODE_BYTES)) : zeroNode(level)
}
