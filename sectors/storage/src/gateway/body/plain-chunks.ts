import type { Trailer } from './decode-chunks.ts'

const noTrailer: Trailer = new Map()

/** A body without framing, in the form of one that had it. */
export async function* plainChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, Trailer> {
  yield* source
  return noTrailer
}
