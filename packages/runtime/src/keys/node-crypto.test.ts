import { isLowS, onboardDigestInput, parseNetworkId } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deviceKeyOf, deviceSigner, generateDevicePrivateKey } from './device-key.ts'
import { createVerifyP256, sha256 } from './node-crypto.ts'

const signer = deviceSigner(generateDevicePrivateKey())
const verify = createVerifyP256()

test('default: SHA-256 of "abc" is that of FIPS 180-4', () => {
  expect(Buffer.from(sha256(new TextEncoder().encode('abc'))).toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})

test('default: what a device signs verifies, with low s; anything else does not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(63), (message, at) => {
      const signature = signer.sign(message)
      expect(signature).toHaveLength(64)
      expect(isLowS(signature)).toBe(true)
      expect(verify(signer.key, message, signature)).toBe(true)
      const changed = signature.slice()
      changed[at]! ^= 1
      expect(verify(signer.key, message, changed)).toBe(false)
      expect(verify(signer.key, Uint8Array.of(...message, 0), signature)).toBe(false)
    }),
    { numRuns: 50 },
  )
})

test('behavior: high s, keys off the curve and wrong lengths are false, not errors', () => {
  const message = new Uint8Array(3)
  const signature = signer.sign(message)
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = order - BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
  const high = Uint8Array.of(
    ...signature.subarray(0, 32),
    ...Buffer.from(s.toString(16).padStart(64, '0'), 'hex'),
  )
  expect(verify(signer.key, message, high)).toBe(false)
  expect(verify({ x: new Uint8Array(32), y: new Uint8Array(32) }, message, signature)).toBe(false)
  expect(verify({ x: new Uint8Array(31), y: new Uint8Array(33) }, message, signature)).toBe(false)
  expect(verify(signer.key, message, signature.subarray(1))).toBe(false)
})

test('behavior: a cache of one key still answers for two', () => {
  const small = createVerifyP256(1)
  const other = deviceSigner(generateDevicePrivateKey())
  const message = onboardDigestInput(parseNetworkId(`0x${'ab'.repeat(28)}`), new Uint8Array(20), 1)
  for (const { key, sign } of [signer, other, signer, other]) {
    expect(small(key, message, sign(message))).toBe(true)
    expect(small(key === signer.key ? other.key : signer.key, message, sign(message))).toBe(false)
  }
})

test('behavior: a key that is known in part is not taken for the known one', () => {
  const message = Uint8Array.of(1)
  const { key } = signer
  for (const at of [4, 31]) {
    const x = key.x.slice()
    x[at]! ^= 1
    expect(verify(key, message, signer.sign(message))).toBe(true)
    expect(verify({ x, y: key.y }, message, signer.sign(message))).toBe(false)
    expect(verify({ x: key.x, y: x }, message, signer.sign(message))).toBe(false)
  }
})

test('behavior: keys are known by their bytes, not by the arrays they came in', () => {
  const other = deviceSigner(generateDevicePrivateKey())
  const key = { x: new Uint8Array(32), y: new Uint8Array(32) }
  for (const { key: own, sign } of [signer, other, signer]) {
    key.x.set(own.x)
    key.y.set(own.y)
    expect(verify(key, key.x, sign(key.x))).toBe(true)
  }
})

test('behavior: the public key of 1 is the base point (SEC 2 v2, 2.4.2)', () => {
  const one = new Uint8Array(32)
  one[31] = 1
  expect(Buffer.from(deviceKeyOf(one).x).toString('hex')).toBe(
    '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
  )
})
