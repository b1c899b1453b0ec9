import type { ByteRange, ContentStore, StoredContent } from './content-store.ts'

/** Reads the contents of versions, and deletes what no version has any more once nobody reads it. */
export interface ContentReader {
  /** The bytes of several contents one after another, as one. They stay until the end even when they are discarded meanwhile; each part holds until the next is asked for. */
  read(pieces: readonly StoredContent[], range: ByteRange): AsyncIterable<Uint8Array>
  /** Deletes these, except what is being read. @returns what was deleted */
  discard(contents: readonly string[]): Promise<readonly string[]>
}

export function createContentReader(store: ContentStore): ContentReader {
  const readers = new Map<string, number>()
  const count = (id: string, change: number) => {
    const left = (readers.get(id) ?? 0) + change
    if (left === 0) readers.delete(id)
    else readers.set(id, left)
  }
  async function* readPinned(pieces: readonly StoredContent[], { start, end }: ByteRange) {
    let begin = 0
    for (const piece of pieces) {
      const inner = { start: Math.max(0, start - begin), end: Math.min(piece.sizeBytes, end - begin) }
      if (inner.start < inner.end) yield* store.read(piece, inner)
      begin += piece.sizeBytes
      if (begin >= end) return
    }
  }
  return {
    read(pieces, range) {
      // From now, not from the first byte: between the two another request may replace the object.
      for (const { id } of pieces) count(id, 1)
      let isOver = false
      const release = () => {
        if (!isOver) for (const { id } of pieces) count(id, -1)
        isOver = true
      }
      const source = readPinned(pieces, range)
      return {
        [Symbol.asyncIterator]: () => ({
          async next() {
            try {
              const result = await source.next()
              if (result.done) release()
              return result
            } catch (error) {
              release()
              throw error
            }
          },
          async return() {
            release()
            await source.return()
            return { done: true as const, value: undefined }
          },
        }),
      }
    },
    async discard(contents) {
      const free = contents.filter((id) => !readers.has(id))
      for (const id of free) await store.delete(id)
      return free
    },
  }
}
