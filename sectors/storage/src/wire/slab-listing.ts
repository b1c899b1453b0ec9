import { concatBytes, fromHex, parseHex, toHex } from '@cairn/protocol'
import { readFields, u32Bytes, u64Bytes } from './fields.ts'
import { descriptorLength, parseDescriptor, type SlabDescriptor } from './slab-descriptor.ts'
import { malformed } from './wire-error.ts'

/** Entries of a page at most, and bytes of an entry. */
export const MAX_LISTED_SLABS = 1_024
export const LISTED_SLAB_BYTES = 45

/** A row of a customer's slab that an operator holds. */
export interface ListedSlab {
  /** 32 bytes. */
  readonly slab: Uint8Array
  readonly sequence: bigint
  readonly sizeBytes: number
  readonly row: number
}

/** What an operator holds of one slab. */
export interface SlabHolding {
  readonly descriptor: Uint8Array
  readonly slab: SlabDescriptor
  /** Numbers of the rows that are here, ascending. */
  readonly rows: readonly number[]
}

/** A place in a listing: `u64 sequence ‖ slab id 32 ‖ u8 row`, in hex without 0x; the query parameter `after`. */
export type ListingPlace = Pick<ListedSlab, 'sequence' | 'slab' | 'row'>

const refusePage = malformed(
  'listing',
  `Read whole entries of ${LISTED_SLAB_BYTES} bytes, ${MAX_LISTED_SLABS} at most.`,
)
const refuseHolding = malformed('holding', 'Read the descriptor, the number of rows, and their numbers.')

/** Entries one after the other. */
export const encodeListing = (page: readonly ListedSlab[]): Uint8Array =>
  concatBytes(
    ...page.flatMap(({ slab, sequence, sizeBytes, row }) => [
      slab,
      u64Bytes(sequence),
      u32Bytes(sizeBytes),
      Uint8Array.of(row),
    ]),
  )

/** @throws WireError `malformed_listing` */
export const parseListing = (bytes: Uint8Array): readonly ListedSlab[] => {
  if (bytes.length % LISTED_SLAB_BYTES !== 0 || bytes.length > MAX_LISTED_SLABS * LISTED_SLAB_BYTES) {
    throw refusePage(
      bytes,
      `${bytes.length} bytes are not up to ${MAX_LISTED_SLABS} times ${LISTED_SLAB_BYTES}.`,
    )
  }
  const fields = readFields(bytes, (why): never => {
    throw refusePage(bytes, why)
  })
  return Array.from({ length: bytes.length / LISTED_SLAB_BYTES }, () => ({
    slab: fields.bytes(32),
    sequence: fields.u64(),
    sizeBytes: fields.u32(),
    row: fields.u8(),
  }))
}

/** The parameter `after` of the page behind an entry. */
export const formatListingPlace = ({ sequence, slab, row }: ListingPlace): string =>
  toHex(concatBytes(u64Bytes(sequence), slab, Uint8Array.of(row))).slice(2)

/** @throws HexError `malformed_hex` */
export const parseListingPlace = (text: string): ListingPlace => {
  const fields = readFields(fromHex(parseHex(`0x${text}`, 41, 'after')), (why): never => {
    throw new RangeError(why)
  })
  return { sequence: fields.u64(), slab: fields.bytes(32), row: fields.u8() }
}

/** `descriptor ‖ u8 number of rows ‖ their numbers`. */
export const encodeHolding = ({ descriptor, rows }: Omit<SlabHolding, 'slab'>): Uint8Array =>
  concatBytes(descriptor, Uint8Array.of(rows.length, ...rows))

/** @throws WireError `malformed_holding`, `malformed_descriptor` */
export const parseHolding = (bytes: Uint8Array): SlabHolding => {
  const length = descriptorLength(bytes)
  if (length === undefined || length >= bytes.length)
    throw refuseHolding(bytes, 'They end in the descriptor.')
  const descriptor = bytes.slice(0, length)
  const slab = parseDescriptor(descriptor)
  const rows = [...bytes.subarray(length + 1)]
  if (rows.length !== bytes[length])
    throw refuseHolding(bytes, `They have not the ${bytes[length]} rows they say.`)
  if (rows.some((row, i) => row >= slab.rows || (i > 0 && row <= rows[i - 1]!))) {
    throw refuseHolding(bytes, 'Their rows do not ascend, or are none of the slab.')
  }
  return { descriptor, slab, rows }
}
