import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { ContentError } from './content-error.ts'

/** Plain bytes in a chunk: large enough that tags cost nothing, small enough that a range read decrypts little more than it gives. */
export const chunkBytes = 128 * 1024
export const tagBytes = 16

const magic = Buffer.from('CAIRNc01', 'latin1')
const nonceBytes = 12
const keyBytes = 32

/** magic ‖ nonce ‖ encrypted key ‖ tag. */
export const headerBytes = magic.length + nonceBytes + keyBytes + tagBytes

/**
 * The head of a content file: its own key, encrypted with AES-256-GCM under the root key. The id is authenticated with it, so that a file put in place of another
 * does not open.
 *
 * @param nonce 12 random bytes
 */
export function sealHeader(rootKey: KeyObject, id: string, contentKey: KeyObject, nonce: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', rootKey, nonce).setAAD(Buffer.from(id))
  return Buffer.concat([
    magic,
    nonce,
    cipher.update(contentKey.export()),
    cipher.final(),
    cipher.getAuthTag(),
  ])
}

/** @throws ContentError code `content_damaged` for what is no header, `wrong_root_key` for one that does not open */
export function openHeader(rootKey: KeyObject, id: string, header: Uint8Array): KeyObject {
  const bytes = Buffer.from(header)
  if (bytes.length !== headerBytes || !bytes.subarray(0, magic.length).equals(magic))
    throw new ContentError({
      code: 'content_damaged',
      message: `The content ${id} does not begin as content does.`,
      fix: 'Restore the file from a backup.',
      field: 'id',
      value: id,
    })
  const [nonceEnd, keyEnd] = [magic.length + nonceBytes, magic.length + nonceBytes + keyBytes]
  const decipher = createDecipheriv('aes-256-gcm', rootKey, bytes.subarray(magic.length, nonceEnd))
    .setAAD(Buffer.from(id))
    .setAuthTag(bytes.subarray(keyEnd))
  try {
    return createSecretKey(
      Buffer.concat([decipher.update(bytes.subarray(nonceEnd, keyEnd)), decipher.final()]),
    )
  } catch (cause) {
    throw new ContentError({
      code: 'wrong_root_key',
      message: `The key of content ${id} does not open with this root key.`,
      fix: 'Start the gateway with the root key that this data was written under, or restore the file from a backup.',
      field: 'id',
      value: id,
      cause,
    })
  }
}
