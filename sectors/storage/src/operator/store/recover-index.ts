import { type FileHandle, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes } from '@cairn/protocol'
import { sha256 } from '@cairn/runtime'
import { parseBundleList } from '../../bundle/bundle-list.ts'
import { derivePieceIndex } from '../../piece/piece-hasher.ts'
import { parseDescriptor } from '../../wire/slab-descriptor.ts'
import { RECORD_MAGIC } from './record.ts'
import { openRowIndex, type RowIndex, removeIndex } from './row-index.ts'
import { type PlacedRecord, readAt, readData, readRecord, recordBytesOf, type Volumes } from './volumes.ts'

/** An index that says what the volumes say, and where the last of them ends. */
export interface RecoveredIndex {
  readonly index: RowIndex
  readonly last: { readonly volume: number; readonly endsAt: number } | undefined
  /** Bytes between records that are none: a damaged disk. */
  readonly unreadableBytes: number
}

/**
 * Opens the index and brings it up to the volumes. Where it does not fit to them, or can not be read, it is made anew. Only the last volume can have a torn end,
 * behind which there is no row: it is cut off. The others were durable before the next was begun.
 */
export async function recoverIndex(folder: string, volumes: Volumes): Promise<RecoveredIndex> {
  const present = await volumes.list()
  const index = await openFitting(folder, present, volumes)
  let unreadableBytes = 0
  let last: RecoveredIndex['last']
  for (const volume of present) {
    const known = index.volumes().find((other) => other.volume === volume)
    if (known?.isRemoved === true) {
      await volumes.remove(volume)
      index.forgetVolume(volume)
      continue
    }
    index.addVolume(volume)
    const taken = await takeIn(index, volumes, volume, known?.indexedTo ?? 0)
    unreadableBytes += taken.unreadableBytes
    if (volume !== present.at(-1)) continue
    const { endsAt } = taken
    await (await volumes.handle(volume)).truncate(endsAt)
    last = { volume, endsAt }
  }
  for (const { volume, isRemoved } of index.volumes()) {
    if (isRemoved && !present.includes(volume)) index.forgetVolume(volume)
  }
  await takeInBundles(join(folder, 'bundles'), index)
  return { index, last, unreadableBytes }
}

/** How the index has to fit: no volume in it that is not there, nor longer than it is. */
async function openFitting(folder: string, present: readonly number[], volumes: Volumes): Promise<RowIndex> {
  try {
    const index = openRowIndex(folder)
    if (await fits(index, present, volumes)) return index
    index.close()
  } catch {
    // Not to be read: made anew from what it was made of.
  }
  removeIndex(folder)
  return openRowIndex(folder)
}

async function fits(index: RowIndex, present: readonly number[], volumes: Volumes): Promise<boolean> {
  for (const { volume, indexedTo, isRemoved } of index.volumes()) {
    if (isRemoved) continue
    if (!present.includes(volume)) return false
    if ((await (await volumes.handle(volume)).stat()).size < indexedTo) return false
  }
  return true
}

/** Takes in the records from a place; returns where the last one ends. */
async function takeIn(
  index: RowIndex,
  volumes: Volumes,
  volume: number,
  from: number,
): Promise<{ readonly endsAt: number; readonly unreadableBytes: number }> {
  const walk = walkRecords(await volumes.handle(volume), from)
  let [endsAt, unreadableBytes] = [from, 0]
  for (let isDone = false; !isDone; ) {
    const batch: PlacedRecord[] = []
    while (batch.length < 1_000) {
      const { value } = await walk.next()
      isDone = value === undefined
      if (value === undefined) break
      batch.push(value)
      unreadableBytes += value.offset - endsAt
      endsAt = value.offset + recordBytesOf(value)
    }
    index.transaction(() => {
      for (const record of batch) index.apply(volume, record)
    })
  }
  return { endsAt, unreadableBytes }
}

/**
 * The records of a volume that are whole. Behind a damaged head only rows count that are what their slab commits to: a customer's bytes may look like records there,
 * and could say of other customers' rows that they are gone.
 */
async function* walkRecords(file: FileHandle, from: number): AsyncGenerator<PlacedRecord, undefined> {
  const { size } = await file.stat()
  let offset = from
  let isCertain = true
  while (offset < size) {
    const record = await readRecord(file, offset)
    const isThere = record !== undefined && offset + recordBytesOf(record) <= size
    if (isThere && (isCertain || (await isCommitted(file, record)))) {
      yield record
      offset += recordBytesOf(record)
    } else {
      isCertain = false
      offset = await findMagic(file, offset + 1, size)
    }
  }
}

/** Whether it is a row of the slab that it names. */
async function isCommitted(file: FileHandle, record: PlacedRecord): Promise<boolean> {
  const { meta } = record
  if (meta.type !== 'row' || !equalBytes(sha256(meta.descriptor), meta.slab)) return false
  const root = parseDescriptor(meta.descriptor).roots[meta.row]
  return root !== undefined && equalBytes(derivePieceIndex(await readData(file, record)).root, root)
}

const searchedBytes = 2 ** 20

/** Where a record may begin, from an offset; the size where there is no such place. */
async function findMagic(file: FileHandle, from: number, size: number): Promise<number> {
  for (let at = from; at < size; at += searchedBytes) {
    const found = (await readAt(file, at, searchedBytes + RECORD_MAGIC.length - 1)).indexOf(RECORD_MAGIC)
    if (found >= 0) return at + found
  }
  return size
}

/** The files are the truth about bundles. */
async function takeInBundles(folder: string, index: RowIndex): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d+-\d+\.bundle$/.test(name))
  const known = new Map(index.bundles().map((bundle) => [`${bundle.rail}-${bundle.piece}.bundle`, bundle]))
  for (const [name, { rail, piece }] of known) if (!names.includes(name)) index.dropBundle(rail, piece)
  for (const name of names) {
    if (known.has(name)) continue
    const list = parseBundleList(await readFile(join(folder, name)))
    index.transaction(() => index.addBundle(list))
  }
}
