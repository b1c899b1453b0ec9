import { fromHex } from '../hex.ts'
import { HEADER_BYTES } from './report-limits.ts'

/**
 * The constant bytes of a report, spec 2: an array of two, the first a COSE_Sign1 (RFC 9052 §4.2, tag 18) of four:
 * protected headers {1: -7}, no unprotected headers, header, signature.
 */
export const wireForm = {
  /** Array of two; tag 18; array of four; `43 a10126`; empty map; head of 83 bytes. */
  opening: fromHex('0x82d28443a10126a05853'),
  /** Head of the signature's 64 bytes. */
  beforeSignature: fromHex('0x5840'),
} as const

/** Where the parts of a report begin, in bytes from its start. */
export const wireOffset = {
  header: wireForm.opening.length,
  afterHeader: wireForm.opening.length + HEADER_BYTES,
  signature: wireForm.opening.length + HEADER_BYTES + wireForm.beforeSignature.length,
  body: wireForm.opening.length + HEADER_BYTES + wireForm.beforeSignature.length + 64,
} as const
