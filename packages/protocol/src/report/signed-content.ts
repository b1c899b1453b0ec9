import type { Sha256 } from '../crypto.ts'
import { fromHex } from '../hex.ts'
import { malformedReport } from './report-error.ts'
import { HEADER_BYTES } from './report-limits.ts'

/**
 * What stands in front of the header in a Sig_structure (RFC 9052 §4.4): an array of four, "Signature1", the protected
 * headers {1: -7} (ES256), no external data, and the head of the payload.
 */
const prefix = fromHex('0x846a5369676e61747572653143a10126405853')

/** Prefix and header together. */
export const SIGNED_CONTENT_BYTES = prefix.length + HEADER_BYTES

/**
 * The message a device signs with ES256 for this header, 102 bytes (spec 2).
 *
 * @throws ReportError (`malformed_report`) for a header of another length.
 */
export const signedContent = (headerBytes: Uint8Array): Uint8Array =>
  writeContent(headerBytes, new Uint8Array(SIGNED_CONTENT_BYTES))

/**
 * The hash by which evidence knows a report: SHA-256 of what was signed, so that another valid signature, or anything
 * else outside the header, does not make another report. 32 bytes.
 *
 * @param sha256 may not keep what it is given: the next call writes over it
 */
export const reportHash = (headerBytes: Uint8Array, sha256: Sha256): Uint8Array =>
  sha256(writeContent(headerBytes, scratch))

/** Used again, since to make an array of more than 64 bytes takes as long as to hash it. */
const scratch = new Uint8Array(SIGNED_CONTENT_BYTES)

const writeContent = (headerBytes: Uint8Array, content: Uint8Array): Uint8Array => {
  if (headerBytes.length !== HEADER_BYTES) {
    throw malformedReport(headerBytes.length, `the end of a header of ${HEADER_BYTES} bytes`)
  }
  content.set(prefix)
  content.set(headerBytes, prefix.length)
  return content
}
