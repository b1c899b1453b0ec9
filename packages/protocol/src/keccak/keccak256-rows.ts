import { digestBytes } from './memory-layout.ts'
import { hashRowBatch } from './row-batch.ts'

/**
 * Hashes `count` rows of `rowBytes` each, which lie one after the other in `rows`, and writes the keccak-256 digest of
 * row `i` at `out[i * outStride]`. The bytes of `out` between digests are left alone. `outStride` is in bytes and 32
 * when left out; `count` is all the rows there are.
 *
 * Two rows share each vector instruction, so this is several times as fast as one call of `keccak256` per row.
 *
 * @throws RangeError when `rows` or `out` is too short or a number makes no sense.
 */
export const keccak256Rows = (
  rows: Uint8Array,
  rowBytes: number,
  out: Uint8Array,
  outStride: number = digestBytes,
  count: number = wholeRows(rows, rowBytes),
): void => hashRowBatch({ rows, rowBytes, count, out, outStride, tag: undefined })

/**
 * Hashes `tag || row` for each row, a one-byte tag before it; otherwise as {@link keccak256Rows}. The leaves of a tree
 * whose leaves and nodes are told apart by a tag.
 *
 * @throws RangeError as keccak256Rows does, and when `tag` is not a byte.
 */
export const keccak256TaggedRows = (
  tag: number,
  rows: Uint8Array,
  rowBytes: number,
  out: Uint8Array,
  outStride: number = digestBytes,
  count: number = wholeRows(rows, rowBytes),
): void => hashRowBatch({ rows, rowBytes, count, out, outStride, tag: parseTag(tag) })

/**
 * Hashes `tag || left || right` for each of `count` pairs of neighbours in `nodes`, every node `width` bytes: one level
 * of a Merkle tree from the level below it. The digest of pair `i` goes to `out[i * outStride]`; for a sum tree, whose
 * nodes are a digest and a sum, `outStride` is `width` and the caller writes the sums.
 *
 * `out` may be `nodes` itself when `outStride` is no more than `2 * width`: a pair is read before its place is written.
 *
 * @throws RangeError as keccak256TaggedRows does.
 */
export const keccak256Pairs = (
  tag: number,
  nodes: Uint8Array,
  width: number,
  count: number,
  out: Uint8Array,
  outStride: number = digestBytes,
): void => hashRowBatch({ rows: nodes, rowBytes: 2 * width, count, out, outStride, tag: parseTag(tag) })

const wholeRows = (rows: Uint8Array, rowBytes: number): number => {
  const count = rows.length / rowBytes
  if (Number.isSafeInteger(count)) return count
  throw new RangeError(
    `${rows.length} bytes are not a whole number of rows of ${rowBytes} bytes. Without a count, every byte must ` +
      'belong to a row: check rowBytes, or pass the count of rows to hash.',
  )
}

const parseTag = (tag: number): number => {
  if (Number.isInteger(tag) && tag >= 0 && tag <= 0xff) return tag
  throw new RangeError(`The tag is ${tag}. It is one byte of the preimage: pass an integer from 0 to 255.`)
}
