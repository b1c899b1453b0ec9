import { concatBytes } from '@cairn/protocol'
import { u32Bytes } from './fields.ts'
import {
  MAX_DESCRIPTOR_BYTES,
  MAX_ROW_BYTES,
  parseDescriptor,
  rowBytesOf,
  type SlabDescriptor,
} from './slab-descriptor.ts'
import { malformed } from './wire-error.ts'

/** The longest body of a row that is put. */
export const MAX_ROW_BODY_BYTES = 4 + MAX_DESCRIPTOR_BYTES + MAX_ROW_BYTES

/** A row on its way to its holder. The arrays are views of what was read. */
export interface RowBody {
  readonly slab: SlabDescriptor
  readonly descriptor: Uint8Array
  readonly bytes: Uint8Array
}

const refusal = malformed('body', 'Send the length of the descriptor, the descriptor, and the whole row.')

/** What stands before the row in the body of a PUT: `u32 length ‖ descriptor`. */
export const encodeRowHead = (descriptor: Uint8Array): Uint8Array =>
  concatBytes(u32Bytes(descriptor.length), descriptor)

/** @throws WireError `malformed_body`, `malformed_descriptor` */
export const parseRowBody = (body: Uint8Array): RowBody => {
  if (body.length < 4) throw refusal(body, 'They have not even the length of a descriptor.')
  const length = new DataView(body.buffer, body.byteOffset, 4).getUint32(0)
  if (length > MAX_DESCRIPTOR_BYTES || 4 + length > body.length) {
    throw refusal(
      body,
      `A descriptor of ${length} bytes is not within them, or above ${MAX_DESCRIPTOR_BYTES}.`,
    )
  }
  const descriptor = body.subarray(4, 4 + length)
  const slab = parseDescriptor(descriptor)
  const bytes = body.subarray(4 + length)
  if (bytes.length !== rowBytesOf(slab)) {
    throw refusal(body, `Their row has ${bytes.length} bytes; the descriptor says ${rowBytesOf(slab)}.`)
  }
  return { slab, descriptor, bytes }
}
