/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** What is stored under an id. */
export interface StoredContent {
  readonly id: string
  readonly sizeBytes: number
}

/**
 * Where the bytes of objects are: on this machine's disk, or coded over operators. It knows no buckets and no keys. Content is
 * written once, under an id that the store chooses, and never changed.
 *
 * Memory stays bounded whatever the size: both directions are streams.
 */
export interface ContentStore {
  /** Durable when it resolves, or, of contents that are kept in the catalogue, when that is flushed, which comes before every answer. When `source` throws, nothing is kept and the error goes on. */
  write(source: AsyncIterable<Uint8Array>): Promise<StoredContent>
  /** Each part holds until the next is asked for. @throws ContentError when the content is damaged; bytes yielded before that are right */
  read(content: StoredContent, range: ByteRange): AsyncIterable<Uint8Array>
  /** Deleting what is not there does nothing. */
  delete(id: string): Promise<void>
  /** All ids, in no promised order. */
  list(): AsyncIterable<string>
}
