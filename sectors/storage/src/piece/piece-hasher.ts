import { padSegment, SEGMENT_BYTES } from './fr32-kernel.ts'
import { PieceError } from './piece-error.ts'
import { hashNodePairs, zeroNode } from './piece-nodes.ts'
import { derivePieceHeight, NODE_BYTES } from './piece-size.ts'

/** What data commit to: spec 10, "Piece commitment". */
export interface Piece {
  /** Of the raw data. */
  readonly sizeBytes: number
  /** Of the tree over its 2^height leaves of 32 bytes. */
  readonly height: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

/** A piece with the nodes at one height of its tree, from which any leaf's path takes one segment of the raw data. */
export interface PieceIndex extends Piece {
  /** The nodes at {@link SEGMENT_HEIGHT}, or the root alone of a smaller tree: 32 bytes for every segment with data in it. */
  readonly nodes: Uint8Array
}

/** Commits to data that come bit by bit. `finish` ends it. */
export interface PieceHasher<Result extends Piece = Piece> {
  /** @throws PieceError `piece_finished` */
  readonly write: (bytes: Uint8Array) => void
  /** @throws PieceError `empty_piece`, `piece_too_large`, `piece_finished` */
  readonly finish: () => Result
}

/** The height of the subtree over {@link SEGMENT_BYTES} of raw data. */
export const SEGMENT_HEIGHT = 11

/** Nodes that a layer gathers before they are hashed: a call into native code costs as much as some ten hashes. */
const batchBytes = 2048 * NODE_BYTES

/** Commits to data of any length in memory that grows by 64 KiB with each doubling, 2 MiB for a gigabyte. */
export const createPieceHasher = (): PieceHasher => {
  const { write, finish } = openPieceTree(false)
  return {
    write,
    finish: () => {
      const { sizeBytes, height, root } = finish()
      return { sizeBytes, height, root }
    },
  }
}

/** As {@link createPieceHasher}, and keeps what {@link PieceIndex} needs: 1/2048 of the data. */
export const createPieceIndexer = (): PieceHasher<PieceIndex> => openPieceTree(true)

/** The piece of data that are in memory. @throws PieceError `empty_piece`, `piece_too_large` */
export const derivePiece = (data: Uint8Array): Piece => {
  const hasher = createPieceHasher()
  hasher.write(data)
  return hasher.finish()
}

/** The piece of data that are in memory, with its index. @throws PieceError `empty_piece`, `piece_too_large` */
export const derivePieceIndex = (data: Uint8Array): PieceIndex => {
  const hasher = createPieceIndexer()
  hasher.write(data)
  return hasher.finish()
}

const openPieceTree = (keepsIndex: boolean): PieceHasher<PieceIndex> => {
  const layers = openLayers(keepsIndex)
  let pending: Uint8Array | undefined
  let pendingBytes = 0
  let sizeBytes = 0
  let finished = false

  const takeSegment = (raw: Uint8Array) => layers.push(0, padSegment(raw))

  return {
    write: (bytes) => {
      requireOpen(finished)
      sizeBytes += bytes.length
      let rest = bytes
      if (pendingBytes > 0) {
        const taken = rest.subarray(0, SEGMENT_BYTES - pendingBytes)
        pending!.set(taken, pendingBytes)
        pendingBytes += taken.length
        rest = rest.subarray(taken.length)
        if (pendingBytes < SEGMENT_BYTES) return
        takeSegment(pending!)
        pendingBytes = 0
      }
      for (; rest.length >= SEGMENT_BYTES; rest = rest.subarray(SEGMENT_BYTES)) {
        takeSegment(rest.subarray(0, SEGMENT_BYTES))
      }
      if (rest.length === 0) return
      pending ??= new Uint8Array(SEGMENT_BYTES)
      pending.set(rest)
      pendingBytes = rest.length
    },
    finish: () => {
      requireOpen(finished)
      finished = true
      const height = derivePieceHeight(sizeBytes)
      if (pendingBytes > 0) takeSegment(pending!.subarray(0, pendingBytes))
      const root = layers.close(height)
      return { sizeBytes, height, root, nodes: height <= SEGMENT_HEIGHT ? root : layers.kept() }
    },
  }
}

/** The layers of a tree that grows at its right edge, each with the nodes that are not hashed yet. */
const openLayers = (keepsIndex: boolean) => {
  const buffers: Uint8Array[] = []
  const filled: number[] = []
  const kept: Uint8Array[] = []

  /** Takes in nodes of a layer, a batch at most. */
  const push = (level: number, nodes: Uint8Array) => {
    if (nodes.length === batchBytes && (filled[level] ?? 0) === 0) return hashUp(level, nodes)
    const used = filled[level] ?? 0
    const taken = nodes.subarray(0, batchBytes - used)
    bufferOf(level).set(taken, used)
    filled[level] = used + taken.length
    if (filled[level] < batchBytes) return
    flush(level)
    if (taken.length < nodes.length) push(level, nodes.subarray(taken.length))
  }

  const bufferOf = (level: number) => {
    buffers[level] ??= new Uint8Array(batchBytes)
    return buffers[level]
  }

  const flush = (level: number) => {
    const used = filled[level] ?? 0
    filled[level] = 0
    hashUp(level, bufferOf(level).subarray(0, used))
  }

  /** Hashes pairs straight into the layer above, whose batch they fill to at most its end. */
  const hashUp = (level: number, nodes: Uint8Array) => {
    const used = filled[level + 1] ?? 0
    const parents = bufferOf(level + 1).subarray(used, used + nodes.length / 2)
    hashNodePairs(nodes, parents)
    if (keepsIndex && level + 1 === SEGMENT_HEIGHT) kept.push(parents.slice())
    filled[level + 1] = used + parents.length
    if (filled[level + 1] === batchBytes) flush(level + 1)
  }

  return {
    push,
    /** Completes every layer below `height` with a node of zeros where it is odd; returns the root. */
    close: (height: number): Uint8Array => {
      for (let level = 0; level < height; level++) {
        if (((filled[level] ?? 0) / NODE_BYTES) % 2 === 1) push(level, zeroNode(level))
        if ((filled[level] ?? 0) > 0) flush(level)
      }
      return bufferOf(height).slice(0, NODE_BYTES)
    },
    kept: (): Uint8Array => {
      const nodes = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0))
      let offset = 0
      for (const part of kept) {
        nodes.set(part, offset)
        offset += part.length
      }
      return nodes
    },
  }
}

const requireOpen = (finished: boolean) => {
  if (!finished) return
  throw new PieceError({
    code: 'piece_finished',
    message: 'The hasher of a piece was used after it was finished.',
    fix: 'Create a hasher for each piece.',
  })
}
