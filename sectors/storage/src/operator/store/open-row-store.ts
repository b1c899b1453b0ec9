import { readFile, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { equalBytes, toHex } from '@cairn/protocol'
import { lockFolder, syncFolder, writeAtomic } from '@cairn/runtime'
import { type BundleList, encodeBundleList, parseBundleList } from '../../bundle/bundle-list.ts'
import type { PieceIndex } from '../../piece/piece-hasher.ts'
import { derivePieceHeight } from '../../piece/piece-size.ts'
import type { SlabKind } from '../../wire/slab-descriptor.ts'
import type { ListedSlab, ListingPlace } from '../../wire/slab-listing.ts'
import { createAppendQueue } from './append-queue.ts'
import { createCollector } from './collect-rows.ts'
import { BLOCK_BYTES, blockSums, RECORD_HEAD_BYTES } from './record.ts'
import { recoverIndex } from './recover-index.ts'
import type { IndexedRow } from './row-index.ts'
import { noRoom, noRow, StoreError } from './store-error.ts'
import { openVolumes, readAt, readRecord } from './volumes.ts'

/** A row to keep; its piece was checked against its descriptor. */
export interface NewRow {
  /** 32 bytes. */
  readonly slab: Uint8Array
  readonly row: number
  readonly descriptor: Uint8Array
  readonly bytes: Uint8Array
  /** Of the row's piece index. */
  readonly nodes: Uint8Array
  /** Unix seconds: kept until then although it is in no bundle. */
  readonly keptUntil: number
}

/** A row with what proves leaves of it. */
export interface StoredPiece {
  readonly index: PieceIndex
  /** Checked against its checksums. @throws StoreError `damaged_row` */
  readonly read: (segment: { readonly offset: number; readonly lengthBytes: number }) => Promise<Uint8Array>
}

/** What a store holds. */
export interface StoreUsage {
  readonly rows: number
  readonly rowBytes: number
  readonly usedBytes: number
  readonly freeBytes: number
}

/** Rows of slabs on one disk. Slab ids are 32 bytes. */
export interface RowStore {
  /** Resolves when the row is durable; gives the end of the promise, which is that of before where the row was here. @throws StoreError `store_full`, `disk_full` */
  put(row: NewRow): Promise<number>
  find(slab: Uint8Array, row: number): IndexedRow | undefined
  rowsOf(slab: Uint8Array): readonly IndexedRow[]
  /** Bytes from `from` to before `to`, checked. @throws StoreError `no_such_row`, `damaged_row` */
  read(slab: Uint8Array, row: number, from?: number, to?: number): Promise<Uint8Array>
  /** @throws StoreError `no_such_row`, `damaged_row` */
  readDescriptor(slab: Uint8Array): Promise<Uint8Array>
  /** @throws StoreError `no_such_row`, `damaged_row` */
  openPiece(slab: Uint8Array, row: number): Promise<StoredPiece>
  /** The customer needs the row no more; it goes when it is in no bundle. */
  release(slab: Uint8Array, row: number): Promise<void>
  list(
    customer: string,
    kind: SlabKind,
    after: ListingPlace | undefined,
    limit: number,
  ): readonly ListedSlab[]
  /** Keeps the rows of a bundle from now on. @throws StoreError `row_differs` */
  addBundle(list: BundleList): Promise<void>
  dropBundle(rail: bigint, piece: number): Promise<void>
  readBundle(rail: bigint, piece: number): Promise<BundleList | undefined>
  bundles(): readonly { readonly rail: bigint; readonly piece: number }[]
  /** Lets rows go that nobody needs, and copies what lives out of a volume that is mostly dead. Returns what it did. */
  collect(nowSeconds: number): Promise<{ readonly rows: number; readonly volumes: number }>
  /** Between rows, when it was opened: a damaged disk. */
  readonly unreadableBytes: number
  usage(): Promise<StoreUsage>
  close(): Promise<void>
}

/** How much a store may take, bytes. */
export interface RowStoreOptions {
  readonly folder: string
  /** Of all volumes. */
  readonly capacityBytes: number
  /** Left free on the disk for what is not ours. */
  readonly reserveBytes?: number
  readonly volumeBytes?: number
  /** Free bytes of the disk; asked of it where it is left out. */
  readonly readFreeBytes?: () => Promise<number>
}

/**
 * Opens a store, alone: the folder is locked. What was promised before a crash is there.
 *
 * @throws FolderInUseError
 */
export async function openRowStore(options: RowStoreOptions): Promise<RowStore> {
  const { folder, capacityBytes, reserveBytes = 64 * 2 ** 20, volumeBytes = 2 ** 30 } = options
  const lock = await lockFolder(folder)
  const volumes = await openVolumes(join(folder, 'volumes'))
  const { index, last, unreadableBytes } = await recoverIndex(folder, volumes)
  const queue = createAppendQueue({ volumes, index, last, volumeBytes, groupBytes: 8 * 2 ** 20 })
  const collector = createCollector({ volumes, index, queue })
  const bundleFolder = join(folder, 'bundles')
  const pathOf = (rail: bigint, piece: number) => join(bundleFolder, `${rail}-${piece}.bundle`)
  const diskFree =
    options.readFreeBytes ?? (async () => statfs(folder).then(({ bavail, bsize }) => bavail * bsize))
  let disk = { bytes: await diskFree(), atUsed: index.usedBytes() }

  const freeBytes = async (): Promise<number> => {
    const used = index.usedBytes()
    // The disk is asked again when 64 MiB were written since: a question for each row would cost as much as the row.
    if (Math.abs(used - disk.atUsed) > 64 * 2 ** 20) disk = { bytes: await diskFree(), atUsed: used }
    const onDisk = disk.bytes - (used - disk.atUsed) - reserveBytes
    return Math.max(0, Math.min(onDisk, capacityBytes - used) - queue.waitingBytes())
  }

  const requireRow = (slab: Uint8Array, row: number): IndexedRow => {
    const found = index.find(slab, row)
    if (found === undefined) throw noRow(toHex(slab), row)
    return found
  }

  const readMeta = async (found: IndexedRow) => {
    const record = await readRecord(await volumes.handle(found.volume), found.offset)
    if (
      record?.meta.type === 'row' &&
      equalBytes(record.meta.slab, found.slab) &&
      record.meta.row === found.row
    )
      return record.meta
    throw damaged(found, 'its head')
  }

  /** A row that moved while it was read is read again where it is now. */
  const retried = async <T>(
    slab: Uint8Array,
    row: number,
    body: (found: IndexedRow) => Promise<T>,
  ): Promise<T> => {
    const found = requireRow(slab, row)
    try {
      return await body(found)
    } catch (error) {
      const now = index.find(slab, row)
      if (now !== undefined && (now.volume !== found.volume || now.offset !== found.offset)) return body(now)
      throw error
    }
  }

  const read: RowStore['read'] = (slab, row, from = 0, to) =>
    retried(slab, row, async (found) => {
      const end = Math.min(to ?? found.dataBytes, found.dataBytes)
      if (from >= end) return new Uint8Array(0)
      return readChecked(found, await volumes.handle(found.volume), from, end)
    })

  const isSound = ({ slab, row }: IndexedRow) =>
    read(slab, row).then(
      () => true,
      (error) => {
        if (error instanceof StoreError) return false
        throw error
      },
    )

  return {
    unreadableBytes,
    async put({ slab, row, descriptor, bytes, nodes, keptUntil }) {
      const known = index.find(slab, row)
      // Where it is here, sound, and promised for as long, or nearly: the same receipt. A released row, or an old promise, is written anew.
      if (known !== undefined && !known.isReleased && keptUntil - known.keptUntil < 86_400)
        if (await isSound(known)) return known.keptUntil
      const free = await freeBytes()
      const needed = bytes.length + descriptor.length + 4_096
      if (free < needed) {
        const isOurs = capacityBytes - index.usedBytes() - queue.waitingBytes() < needed
        throw noRoom(isOurs ? 'store_full' : 'disk_full')
      }
      await queue.append(
        { type: 'row', slab, row, keptUntil, descriptor, nodes, sums: blockSums(bytes) },
        bytes,
      )
      return keptUntil
    },
    find: index.find,
    rowsOf: index.rowsOf,
    read,
    async readDescriptor(slab) {
      const first = index.rowsOf(slab)[0]
      if (first === undefined) throw noRow(toHex(slab), 0)
      return retried(slab, first.row, async (found) => (await readMeta(found)).descriptor)
    },
    openPiece: (slab, row) =>
      retried(slab, row, async (found) => {
        const { nodes } = await readMeta(found)
        const sizeBytes = found.dataBytes
        return {
          index: { sizeBytes, height: derivePieceHeight(sizeBytes), root: found.root, nodes },
          read: ({ offset, lengthBytes }) => read(slab, row, offset, offset + lengthBytes),
        }
      }),
    async release(slab, row) {
      const found = index.find(slab, row)
      if (found !== undefined && !found.isReleased) await queue.append({ type: 'release', slab, row })
    },
    list: index.list,
    async addBundle(list) {
      for (const { slab, row, root, height } of list.rows) {
        const found = index.find(slab, row)
        const isHere =
          found !== undefined && equalBytes(found.root, root) && derivePieceHeight(found.dataBytes) === height
        if (!isHere) throw differs(slab, row)
      }
      // In the index first: rows are not collected while the file is written.
      index.transaction(() => {
        index.dropBundle(list.rail, list.piece)
        index.addBundle(list)
      })
      try {
        await writeAtomic(pathOf(list.rail, list.piece), encodeBundleList(list))
      } catch (error) {
        index.transaction(() => index.dropBundle(list.rail, list.piece))
        throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? noRoom('disk_full', error) : error
      }
    },
    async dropBundle(rail, piece) {
      await rm(pathOf(rail, piece), { force: true })
      await syncFolder(bundleFolder).catch(() => {})
      index.transaction(() => index.dropBundle(rail, piece))
    },
    readBundle: (rail, piece) => readFile(pathOf(rail, piece)).then(parseBundleList, () => undefined),
    bundles: index.bundles,
    collect: collector,
    async usage() {
      return { ...index.totals(), freeBytes: await freeBytes() }
    },
    async close() {
      await queue.close()
      index.close()
      await volumes.close()
      await lock.release()
    },
  }
}

/** The checksums stand right before the data: one read brings both where all is asked for, two where a part is. */
async function readChecked(
  found: IndexedRow,
  file: Parameters<typeof readAt>[0],
  from: number,
  to: number,
): Promise<Uint8Array> {
  const dataAt = found.offset + RECORD_HEAD_BYTES + found.metaBytes
  const sumsBytes = 4 * Math.ceil(found.dataBytes / BLOCK_BYTES)
  const first = Math.floor(from / BLOCK_BYTES)
  const start = first * BLOCK_BYTES
  const end = Math.min(Math.ceil(to / BLOCK_BYTES) * BLOCK_BYTES, found.dataBytes)
  const isNear = start <= BLOCK_BYTES
  const near = isNear ? await readAt(file, dataAt - sumsBytes, sumsBytes + end) : undefined
  const sums = near?.subarray(0, sumsBytes) ?? (await readAt(file, dataAt - sumsBytes, sumsBytes))
  const data = near?.subarray(sumsBytes + start) ?? (await readAt(file, dataAt + start, end - start))
  if (data.length !== end - start) throw damaged(found, 'its end')
  for (let block = 0; block * BLOCK_BYTES < data.length; block++) {
    const bytes = data.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)
    if (crc32(bytes) !== sums.readUInt32BE(4 * (first + block)))
      throw damaged(found, `block ${first + block}`)
  }
  return data.subarray(from - start, to - start)
}

const damaged = ({ slab, row, volume, offset }: IndexedRow, what: string): StoreError =>
  new StoreError({
    code: 'damaged_row',
    message: `Row ${row} of slab ${toHex(slab)} is damaged: ${what} is not what its checksum says (volume ${volume} at ${offset}).`,
    fix: 'Ask another holder for another row. The operator checks the disk, and makes the row again from k others of its slab.',
    field: 'row',
    value: `${toHex(slab)}/${row}`,
  })

const differs = (slab: Uint8Array, row: number): StoreError =>
  new StoreError({
    code: 'row_differs',
    message: `The bundle names row ${row} of slab ${toHex(slab)}, which is not held here as it says.`,
    fix: 'Leave the row out, or put it first; take root and height from its descriptor.',
    field: 'row',
    value: `${toHex(slab)}/${row}`,
  })
