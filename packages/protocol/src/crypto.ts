import { BaseError } from './errors/base-error.ts'
import type { DeviceKey } from './identity.ts'

/** SHA-256, passed in: Node, browsers and WebAssembly each have a fast one. Returns 32 bytes. */
export type Sha256 = (data: Uint8Array) => Uint8Array

/**
 * ES256 verification, passed in. `signature` is r ‖ s, 64 bytes; `signedContent` is hashed with SHA-256 by the callee.
 * It answers false for anything that does not verify and never throws. High s is refused before it is asked.
 */
export type VerifyP256 = (key: DeviceKey, signedContent: Uint8Array, signature: Uint8Array) => boolean

/** Thrown by {@link lowS} for bytes that can not be a P-256 signature. Code: `malformed_signature`. */
export class SignatureError extends BaseError {
  override readonly name = 'SignatureError'
}

/** A P-256 signature, r ‖ s. */
export const SIGNATURE_BYTES = 64

/** The order of P-256 (SEC 2 v2, section 2.4.2). */
const order = 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n
const halfOrder = toWord(order >> 1n)

/**
 * Whether `signature` is 64 bytes and its s is at most n/2, which every check in Cairn asks for (spec 1): of the two
 * signatures (r, s) and (r, n − s) only one is accepted.
 */
export const isLowS = (signature: Uint8Array): boolean => {
  if (signature.length !== SIGNATURE_BYTES) return false
  for (let i = 0; i < 32; i++) {
    const difference = signature[32 + i]! - halfOrder[i]!
    if (difference !== 0) return difference < 0
  }
  return true
}

/**
 * The signature with s at most n/2: itself, or (r, n − s), which verifies just as well. Hardware makes both.
 *
 * @throws SignatureError (`malformed_signature`) unless it is 64 bytes with s below n.
 */
export const lowS = (signature: Uint8Array): Uint8Array => {
  if (isLowS(signature)) return signature
  const s = signature.length === SIGNATURE_BYTES ? fromWord(signature.subarray(32)) : order
  if (s >= order) {
    throw new SignatureError({
      code: 'malformed_signature',
      message: `A signature of ${signature.length} bytes, or with an s that is not below the order of P-256, can not be normalised.`,
      fix: 'Have the device sign with ES256 and pass r ‖ s, 64 bytes; DER (which begins with 30) must be unpacked first.',
      field: 'signature',
      value: `${signature.length} bytes`,
    })
  }
  const low = signature.slice()
  low.set(toWord(order - s), 32)
  return low
}

function toWord(value: bigint): Uint8Array {
  const word = new Uint8Array(32)
  for (let i = 31, rest = value; i >= 0; i--, rest >>= 8n) word[i] = Number(rest & 0xffn)
  return word
}

const fromWord = (word: Uint8Array): bigint => word.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
