import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Which database a frame is about. */
export const JOURNALED = ['catalogue', 'slabs'] as const
export type Journaled = (typeof JOURNALED)[number]

/** Changes of one database, or all of it. */
export interface JournalFrame {
  readonly database: Journaled
  readonly bytes: Uint8Array
}

/** Of a body that is opened: a whole catalogue in a checkpoint. */
const mostBytes = 2 ** 31 - 1

/** Deflated `u8 database ‖ u32 length ‖ bytes`, one after another. */
export function encodeBody(frames: readonly JournalFrame[]): Uint8Array {
  const pieces = frames.flatMap(({ database, bytes }) => {
    const head = Buffer.alloc(5)
    head.writeUInt8(JOURNALED.indexOf(database), 0)
    head.writeUInt32BE(bytes.length, 1)
    return [head, bytes]
  })
  return deflateRawSync(Buffer.concat(pieces))
}

/** @throws RangeError, TypeError or zlib's error for what `encodeBody` did not write */
export function parseBody(body: Uint8Array): readonly JournalFrame[] {
  const plain = inflateRawSync(body, { maxOutputLength: mostBytes })
  const frames: JournalFrame[] = []
  for (let at = 0; at < plain.length; ) {
    const database = JOURNALED[plain.readUInt8(at)]
    const length = plain.readUInt32BE(at + 1)
    if (database === undefined || at + 5 + length > plain.length) throw new TypeError('no frame of a journal')
    frames.push({ database, bytes: plain.subarray(at + 5, at + 5 + length) })
    at += 5 + length
  }
  return frames
}
