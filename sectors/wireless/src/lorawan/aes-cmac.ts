import type { BlockCipher } from './block-cipher.ts'

const BLOCK = 16

/** Doubling in GF(2^128): shift left by one, and fold a carried bit back with 0x87 (RFC 4493 §2.3). */
const double = (block: Uint8Array): Uint8Array => {
  const doubled = block.map((byte, i) => (byte << 1) | ((block[i + 1] ?? 0) >> 7))
  if (block[0]! & 0x80) doubled[BLOCK - 1]! ^= 0x87
  return doubled
}

const xorInto = (target: Uint8Array, source: Uint8Array, offset: number, length: number): void => {
  for (let i = 0; i < length; i++) target[i]! ^= source[offset + i]!
}

/** AES-CMAC, 16 bytes (RFC 4493 §2.4). */
export const deriveAesCmac = (cipher: BlockCipher, key: Uint8Array, message: Uint8Array): Uint8Array => {
  const encrypt = cipher(key)
  const subkey = double(Uint8Array.from(encrypt(new Uint8Array(BLOCK))))
  const lastStart = Math.max(0, Math.ceil(message.length / BLOCK) - 1) * BLOCK
  const lastLength = message.length - lastStart
  let state: Uint8Array = new Uint8Array(BLOCK)
  for (let offset = 0; offset < lastStart; offset += BLOCK) {
    xorInto(state, message, offset, BLOCK)
    state = Uint8Array.from(encrypt(state))
  }
  xorInto(state, message, lastStart, lastLength)
  if (lastLength < BLOCK) state[lastLength]! ^= 0x80
  xorInto(state, lastLength < BLOCK ? double(subkey) : subkey, 0, BLOCK)
  return Uint8Array.from(encrypt(state))
}
