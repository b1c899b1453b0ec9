import { createSecretKey, type KeyObject } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, syncFolder } from '@cairn/runtime'
import { openChunk, sealChunk } from './chunk-cipher.ts'
import { ContentError } from './content-error.ts'
import { chunkBytes, headerBytes, openHeader, sealHeader, tagBytes } from './content-header.ts'
import type { ByteRange, ContentStore, StoredContent } from './content-store.ts'
import { fillChunks } from './fill-chunks.ts'

/** What the store needs from outside. */
export interface DiskContentOptions {
  readonly folder: string
  /** 32 bytes; the key of every content is encrypted under it. */
  readonly rootKey: Uint8Array
  /** Unpredictable bytes: ids, keys, nonces. */
  readonly random: (count: number) => Uint8Array
}

const sealedChunkBytes = chunkBytes + tagBytes
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
}: DiskContentOptions): Promise<ContentStore> {
  await mkdir(folder, { recursive: true })
  // All subfolders at once, so that a write has one folder to sync and none to make.
  for (const name of subfolders) await mkdir(join(folder, name), { recursive: true })
  const folderOf = (id: string) => join(folder, id.slice(0, 2))
  const pathOf = (id: string) => join(folderOf(id), id)
  const root = createSecretKey(rootKey)
  return {
    async write(source) {
      const id = Buffer.from(random(16)).toString('hex')
      const key = createSecretKey(random(32))
      const file = await open(pathOf(id), 'wx', 0o600)
      try {
        const sizeBytes = await writeSealed(file, sealHeader(root, id, key, random(12)), key, source)
        await file.datasync()
        await file.close()
        await syncFolder(folderOf(id))
        return { id, sizeBytes }
      } catch (error) {
        await file.close().catch(() => undefined)
        await rm(pathOf(id), { force: true })
        throw error
      }
    },
    async *read(content, range) {
      if (range.start >= range.end) return
      const file = await open(pathOf(content.id), 'r').catch((cause) => {
        throw isMissing(cause) ? missing(content.id) : cause
      })
      try {
        yield* readSealed(file, root, content, range)
      } finally {
        await file.close()
      }
    },
    async delete(id) {
      if (idForm.test(id)) await rm(pathOf(id), { force: true })
    },
    async *list() {
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
  source: AsyncIterable<Uint8Array>,
): Promise<number> {
  let [index, sizeBytes] = [0, 0]
  let first = [header]
  for await (const { bytes, isLast } of fillChunks(source, chunkBytes)) {
    await writeAll(file, Buffer.concat([...first, ...sealChunk(key, index, isLast, bytes)]))
    first = []
    index += 1
    sizeBytes += bytes.length
  }
  return sizeBytes
}

/** A write may take less than it was given. */
async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten
}

async function* readSealed(
  file: FileHandle,
  rootKey: KeyObject,
  { id, sizeBytes }: StoredContent,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array, void> {
  const key = openHeader(rootKey, id, await readAt(file, 0, headerBytes))
  const last = Math.max(0, Math.ceil(sizeBytes / chunkBytes) - 1)
  for (let index = Math.floor(start / chunkBytes); index * chunkBytes < end; index++) {
    const sealed = await readAt(file, headerBytes + index * sealedChunkBytes, sealedChunkBytes)
    const plain = openChunk(key, index, index === last, sealed)
    const begin = index * chunkBytes
    if (plain === undefined || plain.length !== Math.min(chunkBytes, sizeBytes - begin))
      throw damaged(id, index)
    yield plain.subarray(Math.max(0, start - begin), end - begin)
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled)
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
