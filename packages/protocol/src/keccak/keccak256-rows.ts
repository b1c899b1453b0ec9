import { keccak256 } from './keccak256.ts'
import { type Kernel, openKernel } from './kernel.ts'
import { blockBytes, digestBytes, layout } from './memory-layout.ts'

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
): void => hashAll({ rows, rowBytes, count, out, outStride, tag: undefined })

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
): void => hashAll({ rows, rowBytes, count, out, outStride, tag: parseTag(tag) })

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
): void => hashAll({ rows: nodes, rowBytes: 2 * width, count, out, outStride, tag: parseTag(tag) })

interface Batch {
  readonly rows: Uint8Array
  readonly rowBytes: number
  readonly count: number
  readonly out: Uint8Array
  readonly outStride: number
  readonly tag: number | undefined
}

const hashAll = (batch: Batch): void => {
  requireRoom(batch)
  const { rows, rowBytes, count, out, outStride, tag } = batch
  const atOnce = rowsAtOnce(rowBytes)
  if (atOnce < 2) {
    hashOneByOne(batch)
    return
  }
  const kernel = openKernel()
  const tagBytes = tag === undefined ? 0 : 1
  const blocks = Math.floor((rowBytes + tagBytes) / blockBytes) + 1
  writeMasks(kernel.bytes, rowBytes + tagBytes, blocks, tag)
  for (let done = 0; done < count; done += atOnce) {
    const some = Math.min(atOnce, count - done)
    kernel.bytes.set(rows.subarray(done * rowBytes, (done + some) * rowBytes), layout.input)
    // The tag has no byte in memory: the kernel reads from one byte earlier, and the mask puts the tag there.
    kernel.hashRows(layout.input - tagBytes, rowBytes, blocks, some, layout.output)
    writeDigests(kernel, some, out, done * outStride, outStride)
  }
}

/** An even number, since an odd last row is hashed together with what lies after it. */
const rowsAtOnce = (rowBytes: number): number => {
  const fitting = Math.min(
    layout.outputBytes / digestBytes,
    Math.floor(layout.inputBytes / Math.max(rowBytes, 1)),
  )
  return fitting - (fitting % 2)
}

/** Which bytes of a first, middle and last block come from the row, and what the others are: tag and padding. */
const writeMasks = (
  bytes: Uint8Array,
  preimageBytes: number,
  blocks: number,
  tag: number | undefined,
): void => {
  const { last, first } = layout.masks
  const end = last + (preimageBytes % blockBytes)
  const pad = layout.padFromMask
  bytes.fill(0xff, last, end)
  bytes.fill(0, end, last + blockBytes)
  bytes.fill(0, last + pad, last + pad + blockBytes)
  bytes[end + pad] = 0x01
  bytes[last + pad + blockBytes - 1]! |= 0x80
  bytes.fill(0xff, first, first + blockBytes)
  bytes[first + pad] = 0
  if (tag === undefined) return
  const tagged = blocks === 1 ? last : first
  bytes[tagged] = 0
  bytes[tagged + pad] = tag
}

const writeDigests = (
  { bytes, words }: Kernel,
  count: number,
  out: Uint8Array,
  start: number,
  stride: number,
) => {
  if (stride === digestBytes) {
    out.set(bytes.subarray(layout.output, layout.output + count * digestBytes), start)
    return
  }
  const offset = out.byteOffset + start
  if (offset % 4 === 0 && stride % 4 === 0) {
    const target = new Uint32Array(out.buffer, offset, ((count - 1) * stride + digestBytes) / 4)
    scatter(words, layout.output / 4, digestBytes / 4, count, target, 0, stride / 4)
  } else scatter(bytes, layout.output, digestBytes, count, out, start, stride)
}

/** A loop, because a `subarray` and a `set` for each digest would take a fifth as long as the hashing. */
const scatter = <View extends Uint8Array | Uint32Array>(
  source: View,
  sourceStart: number,
  length: number,
  count: number,
  target: View,
  targetStart: number,
  stride: number,
) => {
  for (let row = 0; row < count; row++) {
    const from = sourceStart + row * length
    const to = targetStart + row * stride
    for (let i = 0; i < length; i++) target[to + i] = source[from + i]!
  }
}

/** Rows so long that two do not fit the kernel's input together. */
const hashOneByOne = ({ rows, rowBytes, count, out, outStride, tag }: Batch) => {
  const preimage = new Uint8Array(tag === undefined ? 0 : 1 + rowBytes)
  for (let row = 0; row < count; row++) {
    const bytes = rows.subarray(row * rowBytes, (row + 1) * rowBytes)
    if (tag !== undefined) {
      preimage[0] = tag
      preimage.set(bytes, 1)
    }
    out.set(keccak256(tag === undefined ? bytes : preimage), row * outStride)
  }
}

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

const requireRoom = ({ rows, rowBytes, count, out, outStride }: Batch): void => {
  for (const [name, value, least] of [
    ['rowBytes', rowBytes, 0],
    ['count', count, 0],
    ['outStride', outStride, digestBytes],
  ] as const) {
    if (Number.isSafeInteger(value) && value >= least) continue
    throw new RangeError(
      `${name} is ${value}. It must be an integer of ${least} or more: correct the caller.`,
    )
  }
  if (rows.length < count * rowBytes) {
    throw new RangeError(
      `${count} rows of ${rowBytes} bytes need ${count * rowBytes} bytes, but there are ${rows.length}. Pass fewer ` +
        'rows or the whole buffer.',
    )
  }
  const needed = count === 0 ? 0 : (count - 1) * outStride + digestBytes
  if (out.length < needed) {
    throw new RangeError(
      `${count} digests every ${outStride} bytes need ${needed} bytes of output, but there are ${out.length}. ` +
        'Allocate that many.',
    )
  }
}
