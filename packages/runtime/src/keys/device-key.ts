import { createECDH, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { type DeviceKey, lowS } from '@cairn/protocol'

/** Something that signs as a device: a key in memory here, a secure element elsewhere. */
export interface DeviceSigner {
  key: DeviceKey
  /** ES256 over `message` (hashed here), r ‖ s, 64 bytes, low s. */
  sign(message: Uint8Array): Uint8Array
}

/** A new P-256 private key, 32 bytes. */
export function generateDevicePrivateKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return new Uint8Array(Buffer.from(privateKey.export({ format: 'jwk' }).d!, 'base64url'))
}

/** The public key of a P-256 private key. */
export function deviceKeyOf(privateKey: Uint8Array): DeviceKey {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(privateKey)
  const point = curve.getPublicKey()
  return { x: new Uint8Array(point.subarray(1, 33)), y: new Uint8Array(point.subarray(33, 65)) }
}

/** Signs with a P-256 private key held in memory. */
export function deviceSigner(privateKey: Uint8Array): DeviceSigner {
  const key = deviceKeyOf(privateKey)
  const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  const parsed = createPrivateKey({
    key: { kty: 'EC', crv: 'P-256', d: encode(privateKey), x: encode(key.x), y: encode(key.y) },
    format: 'jwk',
  })
  return {
    key,
    sign: (message) =>
      lowS(new Uint8Array(sign('sha256', message, { key: parsed, dsaEncoding: 'ieee-p1363' }))),
  }
}
