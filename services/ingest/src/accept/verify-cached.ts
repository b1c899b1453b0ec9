import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { derSignature } from '@cairn/runtime'

/**
 * ES256 verification against an uncompressed P-256 key, x ‖ y. False for anything that does not verify, a key that is no point of the
 * curve included.
 */
export type VerifyCached = (point: Uint8Array, signedContent: Uint8Array, signature: Uint8Array) => boolean

/** SubjectPublicKeyInfo of an uncompressed P-256 key, up to and with the 04 before x (RFC 5480). */
const spkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')

/**
 * Verification that keeps parsed keys, since parsing one takes a third of the time of a verification.
 *
 * @param mostKeys keys kept: half of them in use, half on probation, so that a hit costs one look-up
 */
export function createVerifyCached(mostKeys: number): VerifyCached {
  let young = new Map<string, KeyObject | undefined>()
  let old = new Map<string, KeyObject | undefined>()
  const keyOf = (point: Uint8Array): KeyObject | undefined => {
    const bytes = Buffer.from(point.buffer, point.byteOffset, point.length)
    const name = bytes.toString('latin1')
    const hit = young.get(name)
    if (hit !== undefined) return hit
    const key = old.get(name) ?? parseKey(bytes)
    if (2 * young.size >= mostKeys) {
      old = young
      young = new Map()
    }
    young.set(name, key)
    return key
  }
  return (point, signedContent, signature) => {
    const key = keyOf(point)
    return key !== undefined && verify('sha256', signedContent, key, derSignature(signature))
  }
}

function parseKey(point: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([spkiPrefix, point]), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
