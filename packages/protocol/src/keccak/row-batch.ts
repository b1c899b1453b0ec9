import { keccak256 } from './keccak256.ts'
import { type Kernel, openKernel } from './kernel.ts'
import { blockBytes, digestBytes, layout } from './memory-layout.ts'

/** Rows to hash and where their digests go; all sizes in bytes. */
export interface RowBatch {
  readonly rows: Uint8Array
  readonly rowBytes: number
  readonly count: number
  readonly out: Uint8Array
  readonly outStride: number
  /** A byte hashed before each row, or none. */
  readonly tag: number | undefined
}

/**
 * Hashes every row of a batch, two at a time, through the kernel's bounded memory.
 *
 * @throws RangeError when `rows` or `out` is too short or a number makes no sense.
 */
export const hashRowBatch = (batch: RowBatch): void => {
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
  if ((out.byteOffset + start) % 4 === 0 && stride % 4 === 0) {
    const target = new Uint32Array(
      out.buffer,
      out.byteOffset + start,
      ((count - 1) * stride + digestBytes) / 4,
    )
    scatter(words, count, target, stride / 4)
    return
  }
  for (let row = 0; row < count; row++) {
    const from = layout.output + row * digestBytes
    out.set(bytes.subarray(from, from + digestBytes), start + row * stride)
  }
}

/** Word by word, because a `subarray` and a `set` for each digest take a fifth as long as the hashing. */
const scatter = (words: Uint32Array, count: number, target: Uint32Array, stride: number) => {
  const digestWords = digestBytes / 4
  for (let row = 0; row < count; row++) {
    const from = layout.output / 4 + row * digestWords
    for (let i = 0; i < digestWords; i++) target[row * stride + i] = words[from + i]!
  }
}

/** Rows so long that two do not fit the kernel's input together. */
const hashOneByOne = ({ rows, rowBytes, count, out, outStride, tag }: RowBatch) => {
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

const requireRoom = ({ rows, rowBytes, count, out, outStride }: RowBatch): void => {
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
