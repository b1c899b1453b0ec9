import type { SlabIndex, Succession } from '../slab/slab-index.ts'
import type { ListedSlab } from '../slab/storage-operator.ts'
import { SLAB_KINDS } from '../wire/slab-descriptor.ts'
import type { FollowedDirectory } from './create-operator-directory.ts'
import type { CustomerRail, GatewayChain } from './gateway-chain.ts'

/** What following needs from outside. */
export interface SuccessionOptions {
  readonly index: Pick<SlabIndex, 'hasRowsOf' | 'succeed'>
  readonly directory: Pick<FollowedDirectory, 'rails' | 'find'>
  readonly chain: Pick<GatewayChain, 'readNextPiece' | 'readPiece'>
  readonly onError: (error: unknown) => void
}

const rowsAtATime = 1_000

/**
 * Takes note of rows that somebody else made again: those of a lost rail are with its successor, as far as it says to have them (spec 10, Rails).
 *
 * @returns one turn, which tells how many successions were new
 */
export function followSuccessions(options: SuccessionOptions): (signal: AbortSignal) => Promise<number> {
  const { index, directory, chain, onError } = options
  const done = new Set<bigint>()

  /** The pieces of a lost rail that stood are those of its successor, in order. */
  const readPieces = async (lost: bigint): Promise<Succession['pieces']> => {
    const pieces = new Map<number, { piece: number; leaves: number }>()
    const count = await chain.readNextPiece(lost)
    for (let piece = 0; piece < count; piece++) {
      const standing = await chain.readPiece(lost, piece)
      if (standing !== undefined) pieces.set(piece, { piece: pieces.size, leaves: standing.leaves })
    }
    return pieces
  }
  const take = async ({ rail, device, succeeds: lost }: CustomerRail, signal: AbortSignal) => {
    if (lost === undefined || done.has(rail)) return 0
    const isNew = index.hasRowsOf(lost.rail, lost.device)
    if (isNew) {
      const succession = { lost, by: { rail, device }, pieces: await readPieces(lost.rail) }
      for (const kind of SLAB_KINDS) {
        const batch: ListedSlab[] = []
        for await (const listed of directory.find(device)!.rows.list(kind, signal)) {
          batch.push(listed)
          if (batch.length === rowsAtATime) index.succeed(succession, batch.splice(0))
        }
        index.succeed(succession, batch)
      }
    }
    done.add(rail)
    return isNew ? 1 : 0
  }
  return async (signal) => {
    let count = 0
    for (const { rail } of directory.rails())
      count += await take(rail, signal).catch((error) => {
        onError(error)
        return 0
      })
    return count
  }
}
