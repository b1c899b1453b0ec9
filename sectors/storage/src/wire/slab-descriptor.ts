import { concatBytes, fromHex, type Hex, parseHex, type Sha256, toHex } from '@cairn/protocol'
import { derivePieceHeight, NODE_BYTES } from '../piece/piece-size.ts'
import { readFields, u32Bytes, u64Bytes } from './fields.ts'
import { malformed } from './wire-error.ts'

/** What slabs are for, by their number in the descriptor. */
export const SLAB_KINDS = ['content', 'journal', 'checkpoint', 'bundle-list'] as const
export type SlabKind = (typeof SLAB_KINDS)[number]

/** Bytes of a row at most: 127 · 2¹², which fill a piece of height 14. */
export const MAX_ROW_BYTES = 520_192

/** Bytes of a descriptor before its roots, and of the longest one. */
const headBytes = 36
export const MAX_DESCRIPTOR_BYTES = headBytes + 255 * NODE_BYTES

/** What a slab is, kept with each of its rows: spec 10, "Slabs". */
export interface SlabDescriptor {
  readonly kind: SlabKind
  /** 20 bytes: the address whose signature orders are made with. */
  readonly customer: Hex
  /** A u64; 0 for content. */
  readonly sequence: bigint
  /** Of the slab, before coding. */
  readonly sizeBytes: number
  /** k and n of the code. */
  readonly dataRows: number
  readonly rows: number
  /** The piece commitments of all rows, 32 bytes each. */
  readonly roots: readonly Uint8Array[]
}

const refusal = malformed(
  'descriptor',
  'Take the descriptor as encodeDescriptor writes it: 36 bytes and 32 for each row.',
)

/** Bytes of each row of a slab. */
export const rowBytesOf = ({ sizeBytes, dataRows }: Pick<SlabDescriptor, 'sizeBytes' | 'dataRows'>): number =>
  Math.ceil(sizeBytes / dataRows)

/** The height of the piece that each row of a slab is. */
export const rowHeightOf = (slab: Pick<SlabDescriptor, 'sizeBytes' | 'dataRows'>): number =>
  derivePieceHeight(rowBytesOf(slab))

/** `01 ‖ kind ‖ customer ‖ sequence ‖ size ‖ k ‖ n ‖ roots`. @throws WireError `malformed_descriptor` for what could not be read back */
export const encodeDescriptor = (slab: SlabDescriptor): Uint8Array => {
  const bytes = concatBytes(
    Uint8Array.of(1, SLAB_KINDS.indexOf(slab.kind)),
    fromHex(parseHex(slab.customer, 20, 'customer')),
    u64Bytes(slab.sequence),
    u32Bytes(slab.sizeBytes),
    Uint8Array.of(slab.dataRows, slab.rows),
    ...slab.roots,
  )
  parseDescriptor(bytes)
  return bytes
}

/** @throws WireError `malformed_descriptor` */
export const parseDescriptor = (bytes: Uint8Array): SlabDescriptor => {
  const refuse = (why: string): never => {
    throw refusal(bytes, why)
  }
  const fields = readFields(bytes, refuse)
  const version = fields.u8()
  if (version !== 1) refuse(`Their version is ${version}; only 1 is known.`)
  const number = fields.u8()
  const kind = SLAB_KINDS[number] ?? refuse(`Their kind is ${number}, and there are 0 to 3.`)
  const customer = toHex(fields.bytes(20))
  const sequence = fields.u64()
  if (kind === 'content' && sequence !== 0n) refuse(`Content has the sequence ${sequence}, and must have 0.`)
  const sizeBytes = fields.u32()
  const dataRows = fields.u8()
  const rows = fields.u8()
  if (dataRows < 1 || dataRows > rows) refuse(`There is no code of ${dataRows} data rows in ${rows}.`)
  if (sizeBytes < 1 || sizeBytes > dataRows * MAX_ROW_BYTES) {
    refuse(
      `A slab of ${sizeBytes} bytes is not from 1 to ${dataRows * MAX_ROW_BYTES} with ${dataRows} data rows.`,
    )
  }
  const roots = Array.from({ length: rows }, () => fields.bytes(NODE_BYTES))
  fields.end()
  const wide = roots.findIndex((root) => root[NODE_BYTES - 1]! > 0x3f)
  if (wide >= 0) refuse(`The root of row ${wide} has more than 254 bits.`)
  return { kind, customer, sequence, sizeBytes, dataRows, rows, roots }
}

/** How long a descriptor is that begins with these bytes; undefined where there are not 36 of them. */
export const descriptorLength = (head: Uint8Array): number | undefined =>
  head.length < headBytes ? undefined : headBytes + head[headBytes - 1]! * NODE_BYTES

/** The slab's id: SHA-256 of its descriptor, 32 bytes. */
export const deriveSlabId = (sha256: Sha256, descriptor: Uint8Array): Uint8Array => sha256(descriptor)
