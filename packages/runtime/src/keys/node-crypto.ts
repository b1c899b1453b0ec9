import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'
import { type DeviceKey, equalBytes, isLowS, type Sha256, type VerifyP256 } from '@cairn/protocol'
import { derSignature } from './der-signature.ts'

/**
 * SHA-256 of `node:crypto`, in the form that `@cairn/protocol` takes.
 *
 * Node hands the digest over as text of one character a byte: a buffer of its own memory would cost more than the hashing.
 */
export const sha256: Sha256 = (data) => {
  const text = hash('sha256', data, 'binary')
  const digest = new Uint8Array(32)
  for (let i = 0; i < 32; i++) digest[i] = text.charCodeAt(i)
  return digest
}

/** SubjectPublicKeyInfo of an uncompressed P-256 key, up to and with the 04 before x (RFC 5480). */
const spkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')

/** A key that was parsed; undefined when it is no point of the curve. */
interface KnownKey extends DeviceKey {
  readonly parsed: KeyObject | undefined
}

/**
 * P-256 verification of `node:crypto`. High s, a key that is no point of the curve and a signature that is not 64 bytes are
 * simply false.
 *
 * @param maxKeys how many parsed keys are kept; the one that came first goes first. Parsing costs nearly as much as a
 *   verification.
 */
export function createVerifyP256(maxKeys = 4_096): VerifyP256 {
  /** By the first four bytes of x, so that a look-up is cheap. Where two keys share them, they take turns at being kept. */
  const known = new Map<number, KnownKey>()
  const keyOf = ({ x, y }: DeviceKey): KeyObject | undefined => {
    const name = (x[0]! << 24) | (x[1]! << 16) | (x[2]! << 8) | x[3]!
    const found = known.get(name)
    if (found !== undefined && equalBytes(found.x, x) && equalBytes(found.y, y)) return found.parsed
    const parsed = parseKey(x, y)
    known.delete(name)
    if (known.size >= maxKeys) known.delete(known.keys().next().value!)
    known.set(name, { x: new Uint8Array(x), y: new Uint8Array(y), parsed })
    return parsed
  }
  return (key, signedContent, signature) => {
    if (!isLowS(signature)) return false
    const parsed = keyOf(key)
    return parsed !== undefined && verify('sha256', signedContent, parsed, derSignature(signature))
  }
}

function parseKey(x: Uint8Array, y: Uint8Array): KeyObject | undefined {
  if (x.length !== 32 || y.length !== 32) return undefined
  try {
    return createPublicKey({ key: Buffer.concat([spkiPrefix, x, y]), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
