import { type GroupCommit, type GroupCommitDomain, groupCommitDigest, type Hex, toHex } from '@cairn/protocol'
import { secp256k1 } from '@noble/curves/secp256k1.js'

/** Signs a group commit: r ‖ s ‖ v, 65 bytes, low s, v 27 or 28. The same group gets the same signature, always. */
export type SignGroup = (group: GroupCommit) => Hex

/**
 * Signs with a secp256k1 key in memory. The nonce is deterministic (RFC 6979), so that a restart which signs a group again
 * gives its reports the very receipts they had.
 *
 * @param privateKey 32 bytes
 */
export function createGroupSigner(privateKey: Uint8Array, domain: GroupCommitDomain): SignGroup {
  const key = privateKey.slice()
  return (group) => {
    const signed = secp256k1.sign(groupCommitDigest(domain, group), key, {
      prehash: false,
      format: 'recovered',
    })
    const signature = new Uint8Array(65)
    signature.set(signed.subarray(1))
    signature[64] = 27 + signed[0]!
    return toHex(signature)
  }
}
