import { type Sha256, SIGNATURE_BYTES } from '../crypto.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { malformedReport } from './report-error.ts'
import { reportHash } from './signed-content.ts'
import { wireOffset } from './wire-form.ts'

/** `03 ‖ report hash ‖ signature`. Used again for the next report, as it costs more to make than to hash. */
const preimage = Uint8Array.of(0x03, ...new Uint8Array(96))

/**
 * What evidence commits to for a report: H(03 ‖ report hash ‖ signature), 32 bytes (spec 3). The report hash alone would leave the signature open, and with a spoiled one
 * the same committed evidence would settle differently.
 *
 * @throws ReportError (`malformed_report`) for a header or a signature of another length
 */
export const recordHash = (headerBytes: Uint8Array, signature: Uint8Array, sha256: Sha256): Uint8Array => {
  if (signature.length !== SIGNATURE_BYTES) {
    throw malformedReport(wireOffset.signature + signature.length, 'the end of a signature of 64 bytes')
  }
  preimage.set(reportHash(headerBytes, sha256), 1)
  preimage.set(signature, 33)
  return keccak256(preimage)
}
