import { createCipheriv } from 'node:crypto'

/**
 * AES-128 on single blocks: takes a 16-byte key and returns the function that encrypts 16 bytes. Passed in, so that
 * the rest of this folder runs wherever one exists.
 */
export type BlockCipher = (key: Uint8Array) => (block: Uint8Array) => Uint8Array

/** {@link BlockCipher} on the platform's OpenSSL; the key schedule is computed once a key. */
export const nodeAes128: BlockCipher = (key) => {
  const cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false)
  return (block) => cipher.update(block)
}
