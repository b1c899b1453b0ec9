import { listSequenceOf } from '../bundle/bundle-list.ts'
import type { SlabIndex } from '../slab/slab-index.ts'
import type { GatewayChain } from './gateway-chain.ts'

/** What a remover needs from outside. */
export interface RemoverOptions {
  readonly index: Pick<SlabIndex, 'emptyPieces' | 'openBundle' | 'forgetPiece' | 'removeNumbered'>
  readonly chain: Pick<GatewayChain, 'readPiece' | 'schedulePieceRemovals' | 'removeDuePieces'>
  /** Longest that a row waits for its bundle. */
  readonly bundleMs: number
  readonly nowMs: () => number
  readonly onError: (error: unknown) => void
}

/** Has pieces removed that are paid for and of which nothing lives. */
export interface Remover {
  /** One look at each rail, now and then; what fails is told, and tried again at the next. */
  step(rails: readonly bigint[]): Promise<void>
}

/** Between two looks at most: a removal counts from the next period on, and periods are long. Where bundles come sooner, so do looks. */
const mostEveryMs = 600_000
const piecesAtATime = 100

/**
 * Looks after pieces whose rows were deleted, have moved, or went into a newer bundle. Nothing is removed while a bundle of the rail is under way: it may hold rows
 * of a piece that looks empty, and never come to be.
 */
export function createRemover({ index, chain, bundleMs, nowMs, onError }: RemoverOptions): Remover {
  /** Those that the chain was told of, as far as this process knows: told twice does no harm. */
  const told = new Map<bigint, Set<number>>()
  let lookedMs = Number.NEGATIVE_INFINITY

  const look = async (rail: bigint): Promise<void> => {
    if (index.openBundle(rail) !== undefined) return
    const known = told.get(rail) ?? new Set()
    told.set(rail, known)
    const standing: number[] = []
    for (const piece of index.emptyPieces(rail, piecesAtATime)) {
      if ((await chain.readPiece(rail, piece)) !== undefined) standing.push(piece)
      else {
        index.forgetPiece(rail, piece)
        index.removeNumbered({ kind: 'bundle-list', sequence: listSequenceOf({ rail, piece }) })
        known.delete(piece)
      }
    }
    const untold = standing.filter((piece) => !known.has(piece))
    if (untold.length > 0) await chain.schedulePieceRemovals(rail, untold)
    for (const piece of untold) known.add(piece)
    if (standing.length > 0) await chain.removeDuePieces(rail)
  }
  return {
    async step(rails) {
      if (nowMs() - lookedMs < Math.min(bundleMs, mostEveryMs)) return
      lookedMs = nowMs()
      for (const rail of rails) await look(rail).catch(onError)
    },
  }
}
