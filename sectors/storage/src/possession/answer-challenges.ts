import { equalBytes, type Hex, toHex } from '@cairn/protocol'
import type { PieceIndex } from '../piece/piece-hasher.ts'
import { derivePiecePath, derivePieceSegment, type PieceSegment } from '../piece/piece-path.ts'
import type { LeafChallenge } from './leaf-challenges.ts'
import { PossessionError } from './possession-error.ts'

/** A piece where it is kept. */
export interface HeldPiece {
  /** The commitment that the contract has, 32 bytes. */
  readonly root: Uint8Array
  /** What was kept when the piece was taken in, so that a path needs one segment of the bytes. */
  readonly index: PieceIndex
  /** Reads raw bytes of it. */
  readonly read: (segment: PieceSegment) => Promise<Uint8Array>
}

/** One leaf that was asked for, with its path: `LeafProof` of the contracts. */
export interface LeafProof {
  readonly leaf: Hex
  /** Siblings from the leaf up. */
  readonly path: readonly Hex[]
}

/** Leaves of a piece that are challenged: all that hold data, `4 · ⌈bytes / 127⌉`. Whoever adds the piece says so to the contract. */
export const challengedLeaves = ({ sizeBytes }: Pick<PieceIndex, 'sizeBytes'>): number =>
  4 * Math.ceil(sizeBytes / 127)

/**
 * Proofs for a period's challenges, in order, each read from the disk at the moment: at most 65 024 bytes for each leaf.
 *
 * @param openPiece the piece of an id; undefined for one that is not held any more
 * @throws PossessionError `no_such_piece`, `piece_differs`; PieceError `wrong_segment` where bytes are damaged
 */
export const answerChallenges = async (
  challenges: readonly LeafChallenge[],
  openPiece: (piece: number) => Promise<HeldPiece | undefined>,
): Promise<readonly LeafProof[]> => {
  const proofs: LeafProof[] = []
  // One after the other: what is asked for is little, and the disk serves customers meanwhile.
  for (const { piece, leaf } of challenges) {
    const held = await openPiece(piece)
    if (held === undefined) throw noPiece(piece)
    if (!equalBytes(held.root, held.index.root)) throw otherPiece(piece, held)
    const bytes = await held.read(derivePieceSegment(held.index, leaf))
    const found = derivePiecePath(held.index, leaf, bytes)
    proofs.push({ leaf: toHex(found.leaf), path: found.path.map((sibling) => toHex(sibling)) })
  }
  return proofs
}

const noPiece = (piece: number): PossessionError =>
  new PossessionError({
    code: 'no_such_piece',
    message: `Piece ${piece} is under challenge and is not held: this period can not be proven by what is here.`,
    fix: 'Restore the piece before the period ends. Removed pieces stay under challenge until the contract says PieceRemoved.',
    field: 'piece',
    value: String(piece),
  })

const otherPiece = (piece: number, { root, index }: HeldPiece): PossessionError =>
  new PossessionError({
    code: 'piece_differs',
    message: `What is held as piece ${piece} has the commitment ${toHex(index.root)}; the contract has ${toHex(root)}.`,
    fix: 'Index the piece again from its bytes; if that does not help, this is another piece.',
    field: 'root',
    value: toHex(index.root),
  })
