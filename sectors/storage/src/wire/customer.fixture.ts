import { type Hex, keccak256, toHex } from '@cairn/protocol'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { RecoverSigner, SignDigest } from './storage-domain.ts'

/** A customer with a secp256k1 key in memory. */
export const testCustomer = (seed = 0x11): { readonly address: Hex; readonly sign: SignDigest } => {
  const secret = new Uint8Array(32).fill(seed)
  return {
    address: addressOf(secp256k1.getPublicKey(secret, false)),
    sign: async (digest) => {
      const signature = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
      return Uint8Array.from([...signature.subarray(1), 27 + signature[0]!])
    },
  }
}

/** Whose signature it is, as a chain library finds it. */
export const recoverSigner: RecoverSigner = async (digest, signature) => {
  try {
    const recovered = Uint8Array.from([signature[64]! - 27, ...signature.subarray(0, 64)])
    const key = secp256k1.recoverPublicKey(recovered, digest, { prehash: false })
    return addressOf(secp256k1.Point.fromBytes(key).toBytes(false))
  } catch {
    return undefined
  }
}

const addressOf = (publicKey: Uint8Array): Hex => toHex(keccak256(publicKey.subarray(1)).subarray(12))
