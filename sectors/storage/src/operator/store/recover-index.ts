import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseBundleList } from '../../bundle/bundle-list.ts'
import { openRowIndex, type RowIndex, removeIndex } from './row-index.ts'
import { type PlacedRecord, readRecord, recordBytesOf, type Volumes } from './volumes.ts'

/** An index that says what the volumes say, and where the last of them ends. */
export interface RecoveredIndex {
  readonly index: RowIndex
  readonly last: { readonly volume: number; readonly endsAt: number } | undefined
  /** Bytes at the end of the last volume that were no whole record, and are cut off. */
  readonly tornBytes: number
}

/**
 * Opens the index and brings it up to the volumes. Where it does not fit to them, or can not be read, it is made anew. Only the last volume can have a torn end:
 * the others were durable before the next was begun.
 */
export async function recoverIndex(folder: string, volumes: Volumes): Promise<RecoveredIndex> {
  const present = await volumes.list()
  const index = await openFitting(folder, present, volumes)
  let tornBytes = 0
  let last: RecoveredIndex['last']
  for (const volume of present) {
    const known = index.volumes().find((other) => other.volume === volume)
    if (known?.isRemoved === true) {
      await volumes.remove(volume)
      index.forgetVolume(volume)
      continue
    }
    index.addVolume(volume)
    const isLast = volume === present.at(-1)
    const endsAt = await takeIn(index, volumes, volume, { from: known?.indexedTo ?? 0, checksData: isLast })
    if (!isLast) continue
    const file = await volumes.handle(volume)
    tornBytes = (await file.stat()).size - endsAt
    if (tornBytes > 0) await file.truncate(endsAt)
    last = { volume, endsAt }
  }
  for (const { volume, isRemoved } of index.volumes()) {
    if (isRemoved && !present.includes(volume)) index.forgetVolume(volume)
  }
  await takeInBundles(join(folder, 'bundles'), index)
  return { index, last, tornBytes }
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

/** Takes in the records from a place; returns where the last whole one ends. */
async function takeIn(
  index: RowIndex,
  volumes: Volumes,
  volume: number,
  { from, checksData }: { readonly from: number; readonly checksData: boolean },
): Promise<number> {
  const file = await volumes.handle(volume)
  let offset = from
  for (;;) {
    const batch: PlacedRecord[] = []
    while (batch.length < 1_000) {
      const record = await readRecord(file, offset, checksData)
      if (record === undefined) break
      batch.push(record)
      offset += recordBytesOf(record)
    }
    index.transaction(() => {
      for (const record of batch) index.apply(volume, record)
    })
    if (batch.length < 1_000) return offset
  }
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
