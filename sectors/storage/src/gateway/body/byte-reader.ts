const newline = 0x0a

/** Reads lines and counted bytes from a stream of buffers, without joining more of them than a line. */
export interface ByteReader {
  /** The next line without its end (LF or CRLF), one char a byte; undefined when the stream ends first, or no end comes within `most` bytes. */
  line(most: number): Promise<string | undefined>
  /** Some of the next bytes, at least 1 and at most `most`; undefined at the end. */
  some(most: number): Promise<Uint8Array | undefined>
}

/** @param source buffers that nobody else changes */
export function createByteReader(source: AsyncIterable<Uint8Array>): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let buffer: Uint8Array = new Uint8Array(0)
  const fill = async () => {
    while (buffer.length === 0) {
      const { done, value } = await iterator.next()
      if (done) return false
      buffer = value
    }
    return true
  }
  const take = (count: number) => {
    const taken = buffer.subarray(0, count)
    buffer = buffer.subarray(count)
    return taken
  }
  return {
    async line(most) {
      let text = ''
      while (await fill()) {
        const at = buffer.indexOf(newline)
        if (text.length + (at < 0 ? buffer.length : at) > most) return undefined
        text += Buffer.from(take(at < 0 ? buffer.length : at + 1)).toString('latin1')
        if (at >= 0) return text.replace(/\r?\n$/, '')
      }
      return undefined
    },
    async some(most) {
      return (await fill()) ? take(most) : undefined
    },
  }
}
