import type { Sha256 } from '../crypto.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { reportHash } from './signed-content.ts'

const recordTag = 0x03

/**
 * What evidence commits to for a report: H(03 ‖ report hash ‖ signature), 32 bytes (spec 3). The report hash alone would leave the signature open, and with a spoiled one
 * the same committed evidence would settle differently.
 */
export const recordHash = (headerBytes: Uint8Array, signature: Uint8Array, sha256: Sha256): Uint8Array => {
  const preimage = new Uint8Array(97)
  preimage[0] = recordTag
  preimage.set(reportHash(headerBytes, sha256), 1)
  preimage.set(signature, 33)
  return keccak256(preimage)
}
