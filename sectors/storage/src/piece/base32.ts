const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648 §6 in lower case without padding, as multibase `b` has it. */
export const base32 = (bytes: Uint8Array): string => {
  let text = ''
  let [bits, held] = [0, 0]
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; ) {
      bits -= 5
      text += alphabet[(held >> bits) & 31]
    }
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + alphabet[(held << (5 - bits)) & 31]
}

/** The bytes of text that {@link base32} wrote; undefined for any other. */
export const fromBase32 = (text: string): Uint8Array | undefined => {
  const bytes: number[] = []
  let [bits, held] = [0, 0]
  for (const digit of text) {
    const value = alphabet.indexOf(digit)
    if (value < 0) return undefined
    held = (held << 5) | value
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push(held >> bits)
    held &= (1 << bits) - 1
  }
  return bits < 5 && held === 0 ? Uint8Array.from(bytes) : undefined
}
