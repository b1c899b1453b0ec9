/** A chunk that holds until the next is asked for. */
export interface FilledChunk {
  readonly bytes: Uint8Array
  readonly isLast: boolean
}

/**
 * Cuts a stream into chunks of exactly `size` bytes, the last of them shorter; an empty stream gives one empty chunk. The buffer is used again for the next
 * chunk, so a chunk holds only until then.
 */
export async function* fillChunks(
  source: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<FilledChunk, void> {
  const buffer = new Uint8Array(size)
  let length = 0
  for await (const piece of source) {
    for (let at = 0; at < piece.length; ) {
      if (length === size) {
        yield { bytes: buffer, isLast: false }
        length = 0
      }
      const part = piece.subarray(at, at + size - length)
      buffer.set(part, length)
      length += part.length
      at += part.length
    }
  }
  yield { bytes: buffer.subarray(0, length), isLast: true }
}
