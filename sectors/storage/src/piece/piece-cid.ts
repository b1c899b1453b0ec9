import { concatBytes, describeValue } from '@cairn/protocol'
import { base32, fromBase32 } from './base32.ts'
import { PieceError } from './piece-error.ts'
import type { Piece } from './piece-hasher.ts'
import { MAX_PIECE_HEIGHT, NODE_BYTES, pieceCapacityBytes } from './piece-size.ts'

/** CIDv1, raw, and the multihash fr32-sha2-256-trunc254-padded-binary-tree (0x1011), as varints. */
const prefix = Uint8Array.of(0x01, 0x55, 0x91, 0x20)

/** The longest name: prefix, a length, a padding of eight bytes, a height and a root. */
const maxBytes = 4 + 1 + 8 + 1 + NODE_BYTES

/** The bytes of a PieceCIDv2 (FRC-0069): prefix ‖ length ‖ padding as a varint ‖ height, one byte ‖ root. */
export const encodePieceCid = ({ sizeBytes, height, root }: Piece): Uint8Array => {
  const padding = varint(pieceCapacityBytes(height) - sizeBytes)
  const length = Uint8Array.of(padding.length + 1 + NODE_BYTES)
  return concatBytes(prefix, length, padding, Uint8Array.of(height), root)
}

/** A PieceCIDv2 as text: multibase `b`, base32 in lower case. */
export const formatPieceCid = (piece: Piece): string => `b${base32(encodePieceCid(piece))}`

/**
 * The piece that bytes name. There is one encoding of each: varints are minimal, nothing follows the root, and data fill
 * at least a byte of the tree.
 *
 * @throws PieceError `malformed_piece_cid`
 */
export const parsePieceCidBytes = (bytes: Uint8Array): Piece => {
  if (bytes.length > maxBytes || !prefix.every((byte, i) => bytes[i] === byte)) {
    throw malformed(bytes, 'It does not begin with 01 55 91 20, or is too long.')
  }
  if (bytes[4] !== bytes.length - 5)
    throw malformed(bytes, 'The length of its hash is not that of what follows.')
  const { value: padding, end } = readVarint(bytes, 5)
  const height = bytes[end]
  if (bytes.length !== end + 1 + NODE_BYTES) throw malformed(bytes, 'Its root is not 32 bytes.')
  if (height === undefined || height < 2 || height > MAX_PIECE_HEIGHT) {
    throw malformed(bytes, `Its height is not from 2 to ${MAX_PIECE_HEIGHT}.`)
  }
  const sizeBytes = pieceCapacityBytes(height) - padding
  if (sizeBytes < 1) throw malformed(bytes, `Its padding of ${padding} bytes leaves no room for data.`)
  if (bytes.at(-1)! > 0x3f) throw malformed(bytes, 'Its root has more than 254 bits.')
  return { sizeBytes, height, root: new Uint8Array(bytes.subarray(end + 1)) }
}

/** The piece that text names, in lower case as {@link formatPieceCid} writes it. @throws PieceError `malformed_piece_cid` */
export const parsePieceCid = (text: string): Piece => {
  const bytes = text.startsWith('b') && text.length <= 2 * maxBytes ? fromBase32(text.slice(1)) : undefined
  if (bytes === undefined) throw malformed(text, 'It is not `b` and base32 in lower case.')
  return parsePieceCidBytes(bytes)
}

const varint = (value: number): Uint8Array => {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80)
  return Uint8Array.from([...bytes, rest])
}

const readVarint = (bytes: Uint8Array, start: number): { value: number; end: number } => {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = bytes[start + i] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * i)
    if (byte >= 0x80) continue
    if ((byte === 0 && i > 0) || !Number.isSafeInteger(value)) break
    return { value, end: start + i + 1 }
  }
  throw malformed(bytes, 'Its padding is not a minimal varint of at most eight bytes.')
}

const malformed = (value: unknown, why: string): PieceError =>
  new PieceError({
    code: 'malformed_piece_cid',
    message: `${describeValue(value)} is no PieceCIDv2. ${why}`,
    fix: 'Pass what formatPieceCid or another maker of PieceCIDv2 (FRC-0069) wrote, which begins with bafkzcib; a PieceCIDv1 (baga…) lacks the size.',
    field: 'pieceCid',
    value: describeValue(value),
  })
