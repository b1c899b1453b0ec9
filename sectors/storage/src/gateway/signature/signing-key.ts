import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { CredentialScope } from './credential.ts'

/** The key of one day, region and service that signatures are made with (SigV4, "Derive a signing key"); as a key object, since OpenSSL reads bytes anew each time. */
export function deriveSigningKey(
  secretAccessKey: string,
  { day, region, service }: CredentialScope,
): KeyObject {
  const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
    (key, text) => hmac(key, text),
    Buffer.from(`AWS4${secretAccessKey}`),
  )
  return createSecretKey(key)
}

/** @returns the signature of a string to sign, in lower-case hex */
export function signText(signingKey: KeyObject, stringToSign: string): string {
  return hmac(signingKey, stringToSign).toString('hex')
}

/** Takes the same time wherever two signatures begin to differ, so that none can be guessed digit by digit. */
export function isSameSignature(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function hmac(key: Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
