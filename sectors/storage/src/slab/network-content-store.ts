import { createSecretKey, type KeyObject } from 'node:crypto'
import { MAX_INLINE_BYTES } from '../erasure/erasure-code.ts'
import { openChunk, sealChunk } from '../gateway/content/chunk-cipher.ts'
import { ContentError } from '../gateway/content/content-error.ts'
import { chunkBytes, openHeader, sealHeader, tagBytes } from '../gateway/content/content-header.ts'
import type { ByteRange, ContentStore, StoredContent } from '../gateway/content/content-store.ts'
import { fillChunks } from '../gateway/content/fill-chunks.ts'
import { enterLateRows } from './enter-late-rows.ts'
import type { RowDeletion, SlabIndex } from './slab-index.ts'
import { slabCapacityBytes } from './slab-limits.ts'
import type { PlacedSlab, SlabReader } from './slab-reader.ts'
import type { SlabWriter, WrittenSlab } from './slab-writer.ts'
import type { OperatorDirectory } from './storage-operator.ts'

/** What the store needs from outside. */
export interface NetworkContentOptions {
  readonly index: SlabIndex
  readonly writer: SlabWriter
  readonly reader: SlabReader
  readonly directory: OperatorDirectory
  /** 32 bytes; the key of every content is encrypted under it. */
  readonly rootKey: Uint8Array
  readonly random: (count: number) => Uint8Array
  /** Told of what went wrong behind a call that was answered. */
  readonly onError: (error: unknown) => void
}

/** Contents over operators. */
export interface NetworkContentStore extends ContentStore {
  /** Tells operators of rows that nothing needs; what fails is tried at the next call. */
  sweep(): Promise<void>
  /** Resolves when no row is under way any more. */
  settled(): Promise<void>
}

const sealedChunkBytes = chunkBytes + tagBytes
/** Chunks that are fetched at once; one more window is fetched while one is given away. */
const windowChunks = 16
/** A content whose end is not known is taken to be as long as this at least, once it fills a slab. */
const longBytes = 2 ** 20 + 1

/**
 * Contents sealed, cut into slabs and spread over operators; the key of each, under the root key, and small contents whole stand in the index. A write holds one slab
 * that fills and one that is being stored; rows in memory are bounded by the writer's budget. A read holds two windows of 2 MiB, and k rows where it has to decode.
 */
export function createNetworkContentStore(options: NetworkContentOptions): NetworkContentStore {
  const { index, writer, reader, directory, random, onError } = options
  const rootKey = createSecretKey(options.rootKey)
  const underWay = new Set<Promise<void>>()
  const follow = (promise: Promise<void>) => {
    const held: Promise<void> = promise.catch(onError).finally(() => underWay.delete(held))
    underWay.add(held)
  }
  let sweeping: Promise<void> | undefined
  const sweepOnce = async () => {
    const never = new AbortController().signal
    for (const deletion of index.deletions()) {
      const { slab, row, device } = deletion
      try {
        await directory.find(device)?.rows.delete(slab, row, never)
        index.deleted(deletion)
      } catch {
        // It stays in the index, for the next sweep.
      }
    }
  }
  const store: NetworkContentStore = {
    async write(source) {
      const id = Buffer.from(random(16)).toString('hex')
      const key = createSecretKey(random(32))
      const header = sealHeader(rootKey, id, key, random(12))
      const uploads = openUploads(writer)
      try {
        const { sizeBytes, inline } = await cutIntoSlabs(source, key, uploads)
        const slabs = await uploads.all()
        index.insert({ id, header, sizeBytes, inline }, slabs)
        for (const slab of slabs) follow(enterLateRows(index, slab))
        return { id, sizeBytes }
      } catch (error) {
        follow(uploads.stored().then((slabs) => giveUp(index, slabs)))
        throw error
      }
    },
    async *read(content, range) {
      if (range.start >= range.end) return
      const found = index.content(content.id)
      if (found === undefined) throw missing(content.id)
      const key = openHeader(rootKey, content.id, found.header)
      const { inline } = found
      const slabs = inline === undefined ? index.slabs(content.id) : []
      const read: SealedRead = async (sealed, isChecked) =>
        inline?.subarray(sealed.start, sealed.end) ?? (await readSlabs(reader, slabs, sealed, isChecked))
      yield* readSealed(read, key, content, range)
    },
    async delete(id) {
      index.remove(id)
      follow(store.sweep())
    },
    async *list() {
      yield* index.contents()
    },
    sweep() {
      sweeping ??= sweepOnce().finally(() => {
        sweeping = undefined
      })
      return sweeping
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
  return store
}

/** Slabs on their way, one at a time beside the one that fills. */
function openUploads(writer: SlabWriter) {
  const uploads: Promise<readonly WrittenSlab[]>[] = []
  return {
    capacity: (contentBytes: number) => slabCapacityBytes(writer.codeFor(contentBytes)),
    async begin(buffer: Uint8Array, sizeBytes: number, contentBytes: number) {
      await uploads.at(-1)
      const upload = writer.write({ kind: 'content', sequence: 0n, contentBytes }, buffer, sizeBytes)
      // Its error is for who waits next.
      upload.catch(() => undefined)
      uploads.push(upload)
    },
    all: async () => (await Promise.all(uploads)).flat(),
    stored: async () =>
      (await Promise.allSettled(uploads)).flatMap((upload) =>
        upload.status === 'fulfilled' ? upload.value : [],
      ),
  }
}

async function cutIntoSlabs(
  source: AsyncIterable<Uint8Array>,
  key: KeyObject,
  uploads: ReturnType<typeof openUploads>,
): Promise<{ readonly sizeBytes: number; readonly inline: Uint8Array | undefined }> {
  let [chunk, sizeBytes, sealedBytes, filled] = [0, 0, 0, 0]
  let capacity = 0
  let buffer = new Uint8Array(0)
  for await (const { bytes, isLast } of fillChunks(source, chunkBytes)) {
    let rest = Buffer.concat(sealChunk(key, chunk, isLast, bytes))
    chunk += 1
    sizeBytes += bytes.length
    if (isLast && sizeBytes <= MAX_INLINE_BYTES) return { sizeBytes, inline: rest }
    while (rest.length > 0) {
      if (filled === capacity) {
        if (filled > 0) await uploads.begin(buffer, filled, Math.max(longBytes, sealedBytes))
        filled = 0
        capacity = uploads.capacity(Math.max(longBytes, sealedBytes))
        buffer = new Uint8Array(Math.min(capacity, 2 * sealedChunkBytes))
      }
      const part = rest.subarray(0, capacity - filled)
      if (filled + part.length > buffer.length)
        buffer = grown(buffer, filled, Math.min(capacity, 2 * (filled + part.length)))
      buffer.set(part, filled)
      filled += part.length
      sealedBytes += part.length
      rest = rest.subarray(part.length)
    }
  }
  await uploads.begin(buffer, filled, Math.max(sizeBytes, filled))
  return { sizeBytes, inline: undefined }
}

function grown(buffer: Uint8Array, filled: number, length: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(length)
  larger.set(buffer.subarray(0, filled))
  return larger
}

async function giveUp(index: SlabIndex, slabs: readonly WrittenSlab[]): Promise<void> {
  for (const { id, holders, settled } of slabs) {
    await settled
    index.addDeletions(rowsOf(id, holders))
  }
}

const rowsOf = (slab: Uint8Array, holders: ReadonlyMap<number, number>): readonly RowDeletion[] =>
  [...holders].map(([row, device]) => ({ slab, row, device }))

/** Sealed bytes of a content; checked against the commitments of its slabs where asked. */
type SealedRead = (range: ByteRange, isChecked: boolean) => Promise<Uint8Array>

async function readSlabs(
  reader: SlabReader,
  slabs: readonly PlacedSlab[],
  { start, end }: ByteRange,
  isChecked: boolean,
): Promise<Uint8Array> {
  const parts: Promise<Uint8Array>[] = []
  let begin = 0
  for (const placed of slabs) {
    const inner = { start: Math.max(0, start - begin), end: Math.min(placed.slab.sizeBytes, end - begin) }
    if (inner.start < inner.end)
      parts.push(isChecked ? reader.readChecked(placed, inner) : reader.read(placed, inner))
    begin += placed.slab.sizeBytes
  }
  return Buffer.concat(await Promise.all(parts))
}

async function* readSealed(
  read: SealedRead,
  key: KeyObject,
  { id, sizeBytes }: StoredContent,
  { start, end }: ByteRange,
): AsyncGenerator<Uint8Array, void> {
  const chunks = Math.max(1, Math.ceil(sizeBytes / chunkBytes))
  const sealedBytes = sizeBytes + chunks * tagBytes
  const stop = Math.ceil(end / chunkBytes)
  const fetchWindow = async (first: number) => {
    const last = Math.min(stop, first + windowChunks)
    const range = { start: first * sealedChunkBytes, end: Math.min(sealedBytes, last * sealedChunkBytes) }
    return (
      openWindow(await read(range, false), key, first, chunks) ??
      openWindow(await read(range, true), key, first, chunks)
    )
  }
  const first = Math.floor(start / chunkBytes)
  let next = fetchWindow(first)
  for (let at = first; at < stop; at += windowChunks) {
    const plain = await next
    if (plain === undefined) throw damaged(id)
    if (at + windowChunks < stop) {
      next = fetchWindow(at + windowChunks)
      // Its error is for the next round, if there is one.
      next.catch(() => undefined)
    }
    for (const [i, bytes] of plain.entries()) {
      const begin = (at + i) * chunkBytes
      yield bytes.subarray(Math.max(0, start - begin), end - begin)
    }
  }
}

/** @returns undefined when a chunk was changed */
function openWindow(
  sealed: Uint8Array,
  key: KeyObject,
  first: number,
  chunks: number,
): readonly Uint8Array[] | undefined {
  const plain: Uint8Array[] = []
  for (let at = 0; at < sealed.length; at += sealedChunkBytes) {
    const number = first + plain.length
    const bytes = openChunk(key, number, number === chunks - 1, sealed.subarray(at, at + sealedChunkBytes))
    if (bytes === undefined) return undefined
    plain.push(bytes)
  }
  return plain
}

function missing(id: string): ContentError {
  return new ContentError({
    code: 'content_missing',
    message: `The content ${id} is in the catalogue, but which slabs it is made of is not known.`,
    fix: 'Restore the index of slabs from a backup.',
    field: 'id',
    value: id,
  })
}

function damaged(id: string): ContentError {
  return new ContentError({
    code: 'content_damaged',
    message: `The content ${id} does not open, although its rows are what was committed to.`,
    fix: 'Check that the root key and the index are those it was written with.',
    field: 'id',
    value: id,
  })
}
