import type { BlockCipher } from './block-cipher.ts'
import type { DataFrame } from './frame.ts'
import { concat, littleEndian, reversedHexBytes } from './hex-field.ts'

const BLOCK = 16

/**
 * Encrypts or decrypts FRMPayload, which is the same operation: an XOR with AES of counter blocks
 * 01 | 00000000 | direction | DevAddr | FCnt32 | 00 | i, i from 1 (LoRaWAN 1.1 §4.3.3, 1.0.4 §4.3.3). The key is
 * AppSKey, or NwkSKey (1.0) / NwkSEncKey (1.1) on port 0.
 */
export const cryptFrmPayload = (
  cipher: BlockCipher,
  key: Uint8Array,
  frame: Pick<DataFrame, 'direction' | 'devAddr'>,
  fCnt32: number,
  payload: Uint8Array,
): Uint8Array => {
  const encrypt = cipher(key)
  const counter = concat(
    Uint8Array.of(1, 0, 0, 0, 0, frame.direction === 'up' ? 0 : 1),
    reversedHexBytes(frame.devAddr, 4, 'DevAddr'),
    littleEndian(fCnt32, 4, 'FCnt'),
    Uint8Array.of(0, 0),
  )
  const output = Uint8Array.from(payload)
  for (let offset = 0; offset < output.length; offset += BLOCK) {
    counter[BLOCK - 1] = offset / BLOCK + 1
    const stream = encrypt(counter)
    for (let i = 0; i < BLOCK && offset + i < output.length; i++) output[offset + i]! ^= stream[i]!
  }
  return output
}
