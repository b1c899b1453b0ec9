import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { type DeviceKey, isLowS, type Sha256, type VerifyP256 } from '@cairn/protocol'
import { derSignature } from './der-signature.ts'

/** SHA-256 of `node:crypto`, in the form that `@cairn/protocol` takes. */
export const sha256: Sha256 = (data) => new Uint8Array(hash('sha256', data, 'buffer'))

/** SubjectPublicKeyInfo of an uncompressed P-256 key, up to and with the 04 before x (RFC 5480). */
const spkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')

/**
 * P-256 verification of `node:crypto`. High s, a key that is no point of the curve and a signature that is not 64 bytes are
 * simply false.
 *
 * @param maxKeys how many parsed keys are kept; the one that was used longest ago goes first. Parsing costs nearly as much as a
 *   verification.
 */
export function createVerifyP256(maxKeys = 4_096): VerifyP256 {
  const cache = new Map<string, KeyObject>()
  const parse = (key: DeviceKey): KeyObject => {
    const name = latin1(key.x) + latin1(key.y)
    const parsed = cache.get(name) ?? parseKey(key)
    cache.delete(name)
    cache.set(name, parsed)
    if (cache.size > maxKeys) cache.delete(cache.keys().next().value!)
    return parsed
  }
  return (key, signedContent, signature) => {
    if (signature.length !== 64 || !isLowS(signature)) return false
    try {
      return verify('sha256', signedContent, parse(key), derSignature(signature))
    } catch {
      return false
    }
  }
}

const parseKey = ({ x, y }: DeviceKey): KeyObject =>
  createPublicKey({ key: Buffer.concat([spkiPrefix, x, y]), format: 'der', type: 'spki' })

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
