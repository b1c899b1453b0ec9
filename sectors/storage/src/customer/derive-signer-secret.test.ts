import { readFileSync } from 'node:fs'
import { fromHex, keccak256, toHex } from '@cairn/protocol'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect, test } from 'vitest'
import { deriveSignerSecret } from './derive-signer-secret.ts'

const { signers } = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/signer.json', import.meta.url), 'utf8'),
) as {
  readonly signers: readonly { readonly rootKey: string; readonly secret: string; readonly address: string }[]
}

test.each(signers)('default: the signing key and address of $rootKey', ({ rootKey, secret, address }) => {
  const derived = deriveSignerSecret(fromHex(rootKey))
  expect(toHex(derived)).toBe(secret)
  const publicKey = secp256k1.getPublicKey(derived, false)
  expect(toHex(keccak256(publicKey.subarray(1)).subarray(12))).toBe(address)
})
