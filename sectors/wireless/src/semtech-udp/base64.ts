import { SemtechUdpError } from './error.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Int8Array(128).fill(-1)
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i

const invalid = (field: string, value: string, problem: string): SemtechUdpError =>
  new SemtechUdpError('FIELD_INVALID', {
    field,
    value,
    problem,
    fix: 'Send standard base64 (RFC 4648 §4), padding optional.',
  })

const unpadded = (text: string, field: string): string => {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const body = text.slice(0, text.length - padding)
  if (padding > 0 && text.length % 4 !== 0)
    throw invalid(field, text, 'the padding does not fill a group of four.')
  if (body.length % 4 === 1) throw invalid(field, text, 'a group of one character encodes no byte.')
  return body
}

/**
 * Decodes standard base64 strictly: its alphabet only, no white space, unused bits zero, so that every byte string has
 * one encoding with padding and one without. Padding is optional because the protocol document's own examples omit it.
 */
export const parseBase64 = (text: string, field: string): Uint8Array => {
  const body = unpadded(text, field)
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4))
  let bits = 0
  let bitCount = 0
  let length = 0
  for (let i = 0; i < body.length; i++) {
    const code = body.charCodeAt(i)
    const value = code < 128 ? VALUES[code]! : -1
    if (value < 0) throw invalid(field, text, `character ${i} is not in the base64 alphabet.`)
    bits = (bits << 6) | value
    bitCount += 6
    if (bitCount < 8) continue
    bitCount -= 8
    bytes[length++] = bits >> bitCount
    bits &= (1 << bitCount) - 1
  }
  if (bits !== 0) throw invalid(field, text, 'the unused bits of the last character are not zero.')
  return bytes
}

/** Standard base64 with padding, as the reference forwarder writes it. */
export const serializeBase64 = (bytes: Uint8Array): string => {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const used = Math.min(3, bytes.length - i) + 1
    for (let j = 0; j < 4; j++) text += j < used ? ALPHABET[(group >> (18 - 6 * j)) & 63] : '='
  }
  return text
}
