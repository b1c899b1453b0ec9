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
 * @param maxKeys how many parsed keys are kept; the one that came first goes first. Parsing costs nearly as much as a
 *   verification.
 */
export function createVerifyP256(maxKeys = 4_096): VerifyP256 {
  const cache = new Map<string, KeyObject>()
  const point = Buffer.alloc(64)
  const parse = ({ x, y }: DeviceKey): KeyObject => {
    if (x.length !== 32 || y.length !== 32) throw new RangeError('a coordinate of P-256 has 32 bytes')
    point.set(x)
    point.set(y, 32)
    const name = point.toString('latin1')
    const known = cache.get(name)
    if (known !== undefined) return known
    const parsed = createPublicKey({ key: Buffer.concat([spkiPrefix, point]), format: 'der', type: 'spki' })
    if (cache.size >= maxKeys) cache.delete(cache.keys().next().value!)
    cache.set(name, parsed)
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
