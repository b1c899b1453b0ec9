import { BaseError } from '@cairn/protocol'

/** One measurement: kind u8 (1), cell u16, takenMs u64, value i32 (thousandths of the unit). 15 bytes, big-endian. */
export interface Reading {
  readonly cell: number
  readonly takenMs: number
  readonly value: number
}

const READING_BYTES = 15

/** Bytes that are not a reading; code `malformed_reading`. */
export class ReadingError extends BaseError {}

export function encodeReading({ cell, takenMs, value }: Reading): Uint8Array {
  const bytes = new Uint8Array(READING_BYTES)
  const view = new DataView(bytes.buffer)
  bytes[0] = 1
  view.setUint16(1, cell)
  view.setBigUint64(3, BigInt(takenMs))
  view.setInt32(11, value)
  return bytes
}

/** @throws ReadingError */
export function parseReading(bytes: Uint8Array): Reading {
  if (bytes.length !== READING_BYTES) throw malformed(`${bytes.length} bytes`, `${READING_BYTES}`)
  if (bytes[0] !== 1) throw malformed(`kind ${bytes[0]}`, 'kind 1')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const takenMs = view.getBigUint64(3)
  if (takenMs > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`time ${takenMs} ms`, 'a time below 2^53 ms')
  return { cell: view.getUint16(1), takenMs: Number(takenMs), value: view.getInt32(11) }
}

function malformed(got: string, expected: string): ReadingError {
  return new ReadingError({
    code: 'malformed_reading',
    message: `A reading has ${got}; expected ${expected}.`,
    fix: 'Encode readings with encodeReading of this sector.',
  })
}
