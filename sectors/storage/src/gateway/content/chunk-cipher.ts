import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import { tagBytes } from './content-header.ts'

/**
 * Chunk `index` of a content under its key: AES-256-GCM, the tag after it. The nonce is the index and whether it is the last, so no chunk can be moved, repeated or
 * cut off (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015). A key belongs to one content alone, so nonces never repeat.
 */
export function sealChunk(key: KeyObject, index: number, isLast: boolean, plain: Uint8Array): Buffer[] {
  const cipher = createCipheriv('aes-256-gcm', key, chunkNonce(index, isLast))
  return [cipher.update(plain), cipher.final(), cipher.getAuthTag()]
}

/** @returns undefined when the chunk was changed */
export function openChunk(
  key: KeyObject,
  index: number,
  isLast: boolean,
  sealed: Uint8Array,
): Buffer | undefined {
  if (sealed.length < tagBytes) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, chunkNonce(index, isLast)).setAuthTag(
    sealed.subarray(-tagBytes),
  )
  const plain = decipher.update(sealed.subarray(0, -tagBytes))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}

/** Seven zero bytes, the index, 1 for the last. */
function chunkNonce(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(index, 7)
  nonce[11] = isLast ? 1 : 0
  return nonce
}
