import { keccak256, toHex } from '@cairn/protocol'
import { deriveSignerSecret } from '@cairn/sector-storage/gateway'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const rootKeys = [
  new Uint8Array(32),
  Uint8Array.from({ length: 32 }, (_, i) => i),
  keccak256(new TextEncoder().encode('cairn vector root key')),
]

/** Spec 10, "Journal": the signing keys of root keys, with their addresses. */
export async function generate(): Promise<GeneratedFile[]> {
  return [vectorFile('signer', { signers: rootKeys.map(describeSigner) })]
}

function describeSigner(rootKey: Uint8Array) {
  const secret = deriveSignerSecret(rootKey)
  const publicKey = secp256k1.getPublicKey(secret, false)
  return {
    rootKey: toHex(rootKey),
    secret: toHex(secret),
    address: toHex(keccak256(publicKey.slice(1)).slice(12)),
  }
}
