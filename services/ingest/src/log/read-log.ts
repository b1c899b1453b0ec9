import { type FileHandle, open } from 'node:fs/promises'
import { EvidenceError, type LogGroup, parseGroups } from '@cairn/protocol'
import { judgeTail } from './log-tail.ts'

/** The largest record a log may hold, in bytes; also the largest tail that is looked at. */
const recordBytesMax = 256 * 2 ** 20
const chunkBytes = 8 * 2 ** 20

/** How a log ended. */
export interface LogEnd {
  /** Bytes of whole records. What follows them was torn and is to be cut off. */
  readonly validBytes: number
  readonly tornBytes: number
}

/**
 * Reads a log group by group, in memory that does not grow with the log. The groups are checked to be of `epoch` and to
 * follow one another; their reports are views that hold until the next group is asked for.
 *
 * @returns how it ended, as the generator's return value
 * @throws EvidenceError (`corrupt_log`, `meta.offset` in bytes) for anything that is not whole records and one torn write
 */
export async function* readLog(path: string, epoch: number): AsyncGenerator<LogGroup, LogEnd> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    let offset = 0
    let first = 0
    let length = chunkBytes
    while (offset < size) {
      const bytes = await readAt(file, offset, Math.min(length, size - offset))
      const { groups, validBytes } = parseAt(bytes, offset)
      for (const group of groups) {
        if (group.epoch !== epoch || group.first !== first) throw outOfOrder(offset, group, epoch, first)
        first += group.reports.length
        yield group
      }
      offset += validBytes
      if (validBytes > 0) {
        length = chunkBytes
        continue
      }
      if (bytes.length < size - offset && length < recordBytesMax) {
        length *= 2
        continue
      }
      const isTorn = bytes.length === size - offset && judgeTail(bytes, { epoch, first }) === 'torn'
      if (isTorn) return { validBytes: offset, tornBytes: size - offset }
      throw damaged(offset, 'There is no whole record there, and what follows is not one torn write.')
    }
    return { validBytes: offset, tornBytes: 0 }
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, filled)
}

/** Offsets in errors are those of the file. */
function parseAt(bytes: Uint8Array, offset: number): ReturnType<typeof parseGroups> {
  try {
    return parseGroups(bytes)
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause
    throw damaged(offset + Number(cause.meta.offset ?? 0), 'Its checksum or payload is wrong.', cause)
  }
}

const damaged = (offset: number, what: string, cause?: unknown): EvidenceError =>
  new EvidenceError({
    code: 'corrupt_log',
    message: `The evidence log is damaged at byte ${offset}. ${what}`,
    fix: 'Do not cut it off: reports in it were acknowledged. Restore the log from a copy before the ingest seals this epoch.',
    meta: { offset },
    cause,
  })

const outOfOrder = (offset: number, group: LogGroup, epoch: number, first: number): EvidenceError =>
  damaged(
    offset,
    `A group of epoch ${group.epoch} that begins at index ${group.first} stands where index ${first} of epoch ${epoch} should.`,
  )
