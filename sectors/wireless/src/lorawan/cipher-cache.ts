import type { BlockCipher } from './block-cipher.ts'

/**
 * A {@link BlockCipher} that keeps the `maxKeys` keys used last ready. Opening an OpenSSL cipher costs some thirty times
 * what encrypting a block does, and a network sees the same devices again and again. It keeps the keys in memory, as
 * its caller does anyway.
 */
export const createCipherCache = (cipher: BlockCipher, maxKeys: number): BlockCipher => {
  // A Map iterates in insertion order, so re-inserting on use keeps the oldest first.
  const ready = new Map<string, ReturnType<BlockCipher>>()
  const evictOldest = (): void => {
    const oldest = ready.keys().next()
    if (!oldest.done) ready.delete(oldest.value)
  }
  return (key) => {
    const name = String.fromCharCode(...key)
    const known = ready.get(name)
    if (known !== undefined) ready.delete(name)
    else if (ready.size >= maxKeys) evictOldest()
    const encrypt = known ?? cipher(key)
    ready.set(name, encrypt)
    return encrypt
  }
}
