import { createSecretKey, type KeyObject } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, syncFolder } from '@cairn/runtime'
import { freeBytes } from '../free-bytes.ts'
import { openChunk, sealChunk } from './chunk-cipher.ts'
import { ContentError } from './content-error.ts'
import { chunkBytes, headerBytes, openHeader, sealHeader, tagBytes } from './content-header.ts'
import type { ByteRange, ContentStore, StoredContent } from './content-store.ts'
import { type FilledChunk, fillChunks } from './fill-chunks.ts'

/** What the store needs from outside. */
export interface DiskContentOptions {
  readonly folder: string
  /** 32 bytes; the key of every content is encrypted under it. */
  readonly rootKey: Uint8Array
  /** Unpredictable bytes: ids, keys, nonces. */
  readonly random: (count: number) => Uint8Array
  /** Where contents go that are small; files when left out. */
  readonly smallContents?: SmallContents
}

/** Sealed contents by id, in a place that is made durable by whoever answers for it, together with what names them. */
export interface SmallContents {
  put(id: string, sealed: Uint8Array): void
  get(id: string): Uint8Array | undefined
  /** @returns whether it was there */
  delete(id: string): boolean
  ids(): Iterable<string>
}

/** Buffers of one size, used again: a new one costs what reading into it does. */
function createBufferPool() {
  const spare: Buffer[] = []
  return {
    take: () => spare.pop() ?? Buffer.allocUnsafeSlow(chunksAtOnce * sealedChunkBytes),
    give(buffer: Buffer) {
      if (spare.length < mostSpareBuffers) spare.push(buffer)
    },
  }
}

/** A file costs two waits for the disk, whatever its size; bytes in a database are written twice. */
const mostSmallBytes = 32_768

const sealedChunkBytes = chunkBytes + tagBytes
/** Chunks that one call of the system reads or writes. */
const chunksAtOnce = 4
/** Kept for who reads next: 8 MiB. */
const mostSpareBuffers = 16
const earlySyncBytes = 32 * 2 ** 20
const idForm = /^[0-9a-f]{32}$/
/** `00` to `ff`: the first two digits of ids. */
const subfolders = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))

/**
 * Content in files of one folder, encrypted: a header with the content's key, then chunks. Ids are random, so nothing a client sends is ever part of a path, and a
 * file needs no renaming: it can be found by nobody before its id is in the catalogue.
 */
export async function openDiskContentStore({
  folder,
  rootKey,
  random,
  smallContents,
}: DiskContentOptions): Promise<ContentStore> {
  await mkdir(folder, { recursive: true })
  // All subfolders at once, so that a write has one folder to sync and none to make.
  for (const name of subfolders) await mkdir(join(folder, name), { recursive: true })
  const folderOf = (id: string) => join(folder, id.slice(0, 2))
  const pathOf = (id: string) => join(folderOf(id), id)
  const root = createSecretKey(rootKey)
  const buffers = createBufferPool()
  return {
    async write(source) {
      const id = Buffer.from(random(16)).toString('hex')
      const key = createSecretKey(random(32))
      const header = sealHeader(root, id, key, random(12))
      const chunks = fillChunks(source, chunkBytes)
      const first = (await chunks.next()).value!
      const { length } = first.bytes
      if (first.isLast && length <= mostSmallBytes && smallContents !== undefined) {
        smallContents.put(id, Buffer.concat([header, ...sealChunk(key, 0, true, first.bytes)]))
        return { id, sizeBytes: length }
      }
      const file = await open(pathOf(id), 'wx', 0o600)
      try {
        const sizeBytes = await writeSealed(file, header, key, first, chunks)
        await Promise.all([file.datasync(), syncFolder(folderOf(id))])
        await file.close()
        return { id, sizeBytes }
      } catch (error) {
        await chunks.return()
        await file.close().catch(() => undefined)
        await rm(pathOf(id), { force: true })
        throw error
      }
    },
    async *read(content, range) {
      if (range.start >= range.end) return
      const small = smallContents?.get(content.id)
      if (small !== undefined) {
        yield* readSealed(
          async (position, buffer) => copyAt(small, position, buffer),
          { rootKey: root, buffers },
          content,
          range,
        )
        return
      }
      const file = await open(pathOf(content.id), 'r').catch((cause) => {
        throw isMissing(cause) ? missing(content.id) : cause
      })
      try {
        yield* readSealed(
          (position, buffer) => readAt(file, position, buffer),
          { rootKey: root, buffers },
          content,
          range,
        )
      } finally {
        await file.close()
      }
    },
    async delete(id) {
      if (smallContents?.delete(id) === true) return
      if (idForm.test(id)) await rm(pathOf(id), { force: true })
    },
    async *list() {
      yield* smallContents?.ids() ?? []
      for (const name of subfolders)
        for (const entry of await readdir(join(folder, name))) if (idForm.test(entry)) yield entry
    },
  }
}

/** @returns how many plain bytes there were */
async function writeSealed(
  file: FileHandle,
  header: Buffer,
  key: KeyObject,
  first: FilledChunk,
  rest: AsyncGenerator<FilledChunk, void>,
): Promise<number> {
  let [index, sizeBytes] = [0, 0]
  let waiting = [header]
  const early = syncEarly(file)
  for (let chunk: FilledChunk | undefined = first; chunk !== undefined; ) {
    const { bytes, isLast } = chunk
    waiting.push(...sealChunk(key, index, isLast, bytes))
    index += 1
    sizeBytes += bytes.length
    if (index % chunksAtOnce === 0 || isLast) {
      await writeAll(file, waiting)
      for (const written of waiting) freeBytes(written)
      waiting = []
      early.wrote(sizeBytes)
    }
    chunk = (await rest.next()).value ?? undefined
  }
  await early.settled()
  return sizeBytes
}

/** Has the disk begin before the end: who sends gigabytes does not wait for all of them then. */
function syncEarly(file: FileHandle) {
  let [begun, isUnderWay] = [0, false]
  let last = Promise.resolve()
  return {
    wrote(sizeBytes: number) {
      if (isUnderWay || sizeBytes - begun < earlySyncBytes) return
      ;[begun, isUnderWay] = [sizeBytes, true]
      const syncing = file.datasync().finally(() => {
        isUnderWay = false
      })
      last = Promise.all([last, syncing]).then(() => undefined)
      // Its error is for the end, or for nobody where that is another error.
      last.catch(() => undefined)
    },
    settled: () => last,
  }
}

/** A write may take less than it was given. */
async function writeAll(file: FileHandle, buffers: readonly Buffer[]): Promise<void> {
  for (let rest = buffers; rest.length > 0; ) {
    const { bytesWritten } = await file.writev(rest)
    rest = behind(rest, bytesWritten)
  }
}

/** What is left of buffers behind so many bytes. */
function behind(buffers: readonly Buffer[], count: number): readonly Buffer[] {
  let [from, left] = [0, count]
  while (from < buffers.length && left >= buffers[from]!.length) left -= buffers[from++]!.length
  return from === buffers.length ? [] : [buffers[from]!.subarray(left), ...buffers.slice(from + 1)]
}

/** Fills a buffer from a position, and gives what of it was there. */
type ReadAt = (position: number, buffer: Buffer) => Promise<Buffer>

function copyAt(bytes: Uint8Array, position: number, buffer: Buffer): Buffer {
  const part = bytes.subarray(position, position + buffer.length)
  buffer.set(part)
  return buffer.subarray(0, part.length)
}

async function* readSealed(
  read: ReadAt,
  {
    rootKey,
    buffers,
  }: { readonly rootKey: KeyObject; readonly buffers: ReturnType<typeof createBufferPool> },
  { id, sizeBytes }: StoredContent,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array, void> {
  const head = Buffer.allocUnsafe(headerBytes)
  const key = openHeader(rootKey, id, await read(0, head))
  const chunks = Math.max(1, Math.ceil(sizeBytes / chunkBytes))
  const first = Math.floor(start / chunkBytes)
  const stop = Math.ceil(end / chunkBytes)
  // Opening copies: one buffer does for all that is read.
  const buffer = buffers.take()
  try {
    for (let at = first; at < stop; at += chunksAtOnce) {
      const count = Math.min(chunksAtOnce, stop - at)
      const target = buffer.subarray(0, count * sealedChunkBytes)
      const sealed = await read(headerBytes + at * sealedChunkBytes, target)
      for (let index = at; index < at + count; index++) {
        const from = (index - at) * sealedChunkBytes
        const plain = openChunk(
          key,
          index,
          index === chunks - 1,
          sealed.subarray(from, from + sealedChunkBytes),
        )
        const begin = index * chunkBytes
        if (plain === undefined || plain.length !== Math.min(chunkBytes, sizeBytes - begin))
          throw damaged(id, index)
        yield plain.subarray(Math.max(0, start - begin), end - begin)
        freeBytes(plain)
      }
    }
  } finally {
    buffers.give(buffer)
  }
}

async function readAt(file: FileHandle, position: number, buffer: Buffer): Promise<Buffer> {
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return buffer.subarray(0, filled)
}

function missing(id: string): ContentError {
  return new ContentError({
    code: 'content_missing',
    message: `The content ${id} is in the catalogue but not on the disk.`,
    fix: 'Restore the folder of contents from a backup.',
    field: 'id',
    value: id,
  })
}

function damaged(id: string, index: number): ContentError {
  return new ContentError({
    code: 'content_damaged',
    message: `Chunk ${index} of the content ${id} is not as it was written.`,
    fix: 'Check the disk, and restore the file from a backup.',
    field: 'id',
    value: id,
    meta: { chunk: index },
  })
}
