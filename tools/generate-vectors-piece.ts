import { toHex } from '@cairn/protocol'
import { derivePiece, derivePiecePathOf, encodePieceCid, formatPieceCid } from '@cairn/sector-storage'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const sizes = [1, 127, 128, 254, 508, 1000, 65_024, 65_025, 1_048_576]

/** Spec 10, "Piece commitment": pieces of bytes that a formula gives, with names and paths. */
export async function generate(): Promise<GeneratedFile[]> {
  return [
    vectorFile('piece', { data: 'byte i is (i + floor(i / 251)) mod 256', pieces: sizes.map(describePiece) }),
  ]
}

function describePiece(size: number) {
  const data = Uint8Array.from({ length: size }, (_, i) => (i + Math.floor(i / 251)) % 256)
  const piece = derivePiece(data)
  const leaves = 2 ** piece.height
  const indices = [...new Set([0, 1, Math.floor(leaves / 3), leaves / 2, leaves - 1])]
  return {
    sizeBytes: String(size),
    height: String(piece.height),
    root: toHex(piece.root),
    cid: formatPieceCid(piece),
    cidBytes: toHex(encodePieceCid(piece)),
    paths: indices.map((index) => {
      const { leaf, path } = derivePiecePathOf(data, index)
      return { index: String(index), leaf: toHex(leaf), path: path.map(toHex) }
    }),
  }
}
