import { crc32 } from 'node:zlib'
import { concatBytes } from '@cairn/protocol'
import { readFields, u32Bytes, u64Bytes } from '../../wire/fields.ts'

/**
 * What volumes are made of: `magic ‖ u32 type ‖ u32 meta bytes ‖ u32 data bytes ‖ u32 CRC-32 of these and meta ‖ meta ‖ data`. Data have a CRC-32 for each block,
 * at the end of meta, so that a range is checked by itself.
 */
export const RECORD_HEAD_BYTES = 20
export const BLOCK_BYTES = 16_384

const magic = 0x4361_726e
/** What every record begins with. */
export const RECORD_MAGIC = u32Bytes(magic)
const types = ['row', 'release', 'gone'] as const
/** The longest meta: a descriptor of 255 rows, eight nodes, 32 checksums. */
const maxMetaBytes = 16_384
const maxDataBytes = 520_192

/** A row that is kept. */
export interface RowMeta {
  readonly type: 'row'
  readonly slab: Uint8Array
  readonly row: number
  /** Unix seconds. */
  readonly keptUntil: number
  readonly descriptor: Uint8Array
  /** Nodes of the row's piece, for paths. */
  readonly nodes: Uint8Array
  /** CRC-32 of each block of data. */
  readonly sums: readonly number[]
}

/** A row whose customer needs it no more, whichever record has it; or one that is gone, with all its records up to a place. */
export type MarkMeta =
  | { readonly type: 'release'; readonly slab: Uint8Array; readonly row: number }
  | {
      readonly type: 'gone'
      readonly slab: Uint8Array
      readonly row: number
      readonly volume: number
      readonly offset: number
    }

export type RecordMeta = RowMeta | MarkMeta

/** The head of a record that is whole as far as can be seen from it. */
export interface RecordHead {
  readonly type: RecordMeta['type']
  readonly metaBytes: number
  readonly dataBytes: number
  readonly sum: number
}

/** CRC-32 of each block. */
export const blockSums = (data: Uint8Array): number[] => {
  const sums: number[] = []
  for (let from = 0; from < data.length; from += BLOCK_BYTES)
    sums.push(crc32(data.subarray(from, from + BLOCK_BYTES)))
  return sums
}

/** Head and meta of a record; a row's data follow. */
export const encodeRecord = (record: RecordMeta, dataBytes: number): Uint8Array => {
  const meta = encodeMeta(record)
  const head = concatBytes(
    RECORD_MAGIC,
    u32Bytes(types.indexOf(record.type)),
    u32Bytes(meta.length),
    u32Bytes(dataBytes),
  )
  return concatBytes(head, u32Bytes(crc32(meta, crc32(head))), meta)
}

/** The head of a record; undefined for bytes that are none: the torn end of a volume. */
export const readHead = (bytes: Uint8Array): RecordHead | undefined => {
  if (bytes.length < RECORD_HEAD_BYTES) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, RECORD_HEAD_BYTES)
  const type = types[view.getUint32(4)]
  const head = { metaBytes: view.getUint32(8), dataBytes: view.getUint32(12), sum: view.getUint32(16) }
  if (view.getUint32(0) !== magic || type === undefined) return undefined
  if (head.metaBytes > maxMetaBytes || head.dataBytes > maxDataBytes) return undefined
  return { type, ...head }
}

/** A record's meta, from its head's bytes and its own; undefined where the checksum is not theirs. */
export const readMeta = (headBytes: Uint8Array, meta: Uint8Array): RecordMeta | undefined => {
  const head = readHead(headBytes)
  if (head === undefined || meta.length !== head.metaBytes) return undefined
  if (crc32(meta, crc32(headBytes.subarray(0, 16))) !== head.sum) return undefined
  const fields = readFields(meta, (why): never => {
    throw new RangeError(`A record whose checksum is right has another layout. ${why}`)
  })
  const slab = fields.bytes(32)
  const row = fields.u8()
  if (head.type === 'release') return { type: 'release', slab, row }
  if (head.type === 'gone') return { type: 'gone', slab, row, volume: fields.u32(), offset: fields.safe64() }
  const keptUntil = fields.safe64()
  const descriptor = fields.bytes(fields.u32())
  const nodes = fields.bytes(fields.u32())
  const sums = Array.from({ length: fields.left() / 4 }, () => fields.u32())
  return { type: 'row', slab, row, keptUntil, descriptor, nodes, sums }
}

const encodeMeta = (record: RecordMeta): Uint8Array => {
  const key = concatBytes(record.slab, Uint8Array.of(record.row))
  if (record.type === 'release') return key
  if (record.type === 'gone') return concatBytes(key, u32Bytes(record.volume), u64Bytes(record.offset))
  const { keptUntil, descriptor, nodes, sums } = record
  return concatBytes(
    key,
    u64Bytes(keptUntil),
    u32Bytes(descriptor.length),
    descriptor,
    u32Bytes(nodes.length),
    nodes,
    ...sums.map((sum) => u32Bytes(sum)),
  )
}
