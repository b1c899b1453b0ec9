import { compareBytes, concatBytes } from '@cairn/protocol'
import { readFields, u32Bytes, u64Bytes } from '../wire/fields.ts'
import { malformed } from '../wire/wire-error.ts'

/** Rows of a bundle at most: what one piece on chain stands for. */
export const MAX_BUNDLE_ROWS = 65_536

/** Heights of rows: of a byte, and of 520 192. */
const minHeight = 2
const maxHeight = 14
const headBytes = 16
const rowBytes = 66

/** The longest list. */
export const MAX_BUNDLE_LIST_BYTES = headBytes + MAX_BUNDLE_ROWS * rowBytes

/** One row in a bundle. */
export interface BundleRow {
  /** 32 bytes. */
  readonly slab: Uint8Array
  readonly row: number
  /** Of the row's piece. */
  readonly height: number
  /** The row's piece commitment, 32 bytes. */
  readonly root: Uint8Array
}

/** A bundle as its list says: the piece it is in the set of a rail, and its rows in their order. */
export interface BundleList {
  readonly rail: bigint
  readonly piece: number
  readonly rows: readonly BundleRow[]
}

/** The sequence of the slab that a list is: `rail · 2³² + piece`. */
export const listSequenceOf = ({ rail, piece }: Pick<BundleList, 'rail' | 'piece'>): bigint =>
  (rail << 32n) + BigInt(piece)

/** Of the list that such a slab is. */
export const railOfListSequence = (sequence: bigint): bigint => sequence >> 32n

const refusal = malformed(
  'bundle',
  'Order the rows with sortBundleRows, each once, and write the list with encodeBundleList.',
)

/** The rows in the order of a bundle: highest first, then by slab and row. */
export const sortBundleRows = (rows: readonly BundleRow[]): readonly BundleRow[] =>
  [...rows].sort(compareRows)

/** `rail ‖ piece ‖ count ‖ rows`. @throws WireError `malformed_bundle` for rows out of order */
export const encodeBundleList = ({ rail, piece, rows }: BundleList): Uint8Array => {
  const bytes = concatBytes(
    u64Bytes(rail),
    u32Bytes(piece),
    u32Bytes(rows.length),
    ...rows.flatMap(({ slab, row, height, root }) => [slab, Uint8Array.of(row, height), root]),
  )
  parseBundleList(bytes)
  return bytes
}

/** @throws WireError `malformed_bundle` */
export const parseBundleList = (bytes: Uint8Array): BundleList => {
  const refuse = (why: string): never => {
    throw refusal(bytes, why)
  }
  const fields = readFields(bytes, refuse)
  const rail = fields.u64()
  const piece = fields.u32()
  const count = fields.u32()
  if (count < 1 || count > MAX_BUNDLE_ROWS)
    refuse(`They have ${count} rows, and must have 1 to ${MAX_BUNDLE_ROWS}.`)
  if (fields.left() !== count * rowBytes)
    refuse(`${count} rows take ${count * rowBytes} bytes, not ${fields.left()}.`)
  const rows: BundleRow[] = []
  for (let i = 0; i < count; i++) {
    const slab = fields.bytes(32)
    const row = { slab, row: fields.u8(), height: fields.u8(), root: fields.bytes(32) }
    if (row.height < minHeight || row.height > maxHeight) refuse(`Row ${i} has the height ${row.height}.`)
    if (row.root[31]! > 0x3f) refuse(`The root of row ${i} has more than 254 bits.`)
    if (i > 0 && compareRows(rows[i - 1]!, row) >= 0)
      refuse(`Row ${i} does not come behind the one before it.`)
    rows.push(row)
  }
  return { rail, piece, rows }
}

const compareRows = (a: BundleRow, b: BundleRow): number =>
  b.height - a.height || compareBytes(a.slab, b.slab) || a.row - b.row
