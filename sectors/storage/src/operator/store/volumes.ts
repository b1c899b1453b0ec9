import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '@cairn/runtime'
import { RECORD_HEAD_BYTES, type RecordMeta, readHead, readMeta } from './record.ts'

/** A record where it stands. */
export interface PlacedRecord {
  readonly meta: RecordMeta
  readonly offset: number
  readonly metaBytes: number
  readonly dataBytes: number
}

/** Bytes of a whole record. */
export const recordBytesOf = ({
  metaBytes,
  dataBytes,
}: Pick<PlacedRecord, 'metaBytes' | 'dataBytes'>): number => RECORD_HEAD_BYTES + metaBytes + dataBytes

/** The append-only files of a store, numbered from 1. */
export interface Volumes {
  /** Numbers of those there are, ascending. */
  list(): Promise<readonly number[]>
  create(volume: number): Promise<FileHandle>
  handle(volume: number): Promise<FileHandle>
  remove(volume: number): Promise<void>
  close(): Promise<void>
}

/** Makes the folder when it is missing. Files stay open once they were read. */
export async function openVolumes(folder: string): Promise<Volumes> {
  await mkdir(folder, { recursive: true })
  const handles = new Map<number, Promise<FileHandle>>()
  const pathOf = (volume: number) => join(folder, `${String(volume).padStart(8, '0')}.rows`)
  const keep = (volume: number, opening: Promise<FileHandle>) => {
    handles.set(volume, opening)
    opening.catch(() => handles.delete(volume))
    return opening
  }
  return {
    async list() {
      const names = await readdir(folder)
      return names
        .flatMap((name) => (/^\d{8}\.rows$/.test(name) ? [Number(name.slice(0, 8))] : []))
        .sort((a, b) => a - b)
    },
    async create(volume) {
      const handle = await keep(volume, open(pathOf(volume), 'wx+'))
      await syncFolder(folder)
      return handle
    },
    handle: (volume) => handles.get(volume) ?? keep(volume, open(pathOf(volume), 'r+')),
    async remove(volume) {
      await (await handles.get(volume))?.close()
      handles.delete(volume)
      await rm(pathOf(volume), { force: true })
      await syncFolder(folder)
    },
    async close() {
      for (const handle of handles.values()) await (await handle).close()
      handles.clear()
    },
  }
}

/** `length` bytes from `offset`, fewer at the end of the file. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}

/** The record at a place; undefined where there is none that is whole. Whether its data are what their checksums say is not looked at. */
export async function readRecord(file: FileHandle, offset: number): Promise<PlacedRecord | undefined> {
  const headBytes = await readAt(file, offset, RECORD_HEAD_BYTES)
  const head = readHead(headBytes)
  if (head === undefined) return undefined
  const { metaBytes, dataBytes } = head
  const meta = readMeta(headBytes, await readAt(file, offset + RECORD_HEAD_BYTES, metaBytes))
  if (meta === undefined) return undefined
  return { meta, offset, metaBytes, dataBytes }
}

/** The data of a record, fewer bytes at the end of the file. */
export async function readData(
  file: FileHandle,
  { offset, metaBytes, dataBytes }: PlacedRecord,
): Promise<Buffer> {
  return await readAt(file, offset + RECORD_HEAD_BYTES + metaBytes, dataBytes)
}
