import { parseBase64 } from './base64.ts'
import { SemtechUdpError } from './error.ts'
import { type JsonFields, parseInteger, parseText } from './json-fields.ts'

/** The SX130x length register has eight bits, for LoRa and FSK alike. */
export const MAX_RADIO_PAYLOAD_BYTES = 255

const MAX_BASE64_CHARS = 4 * Math.ceil(MAX_RADIO_PAYLOAD_BYTES / 3)

/** Reads `data` (strict base64) and holds it against `size`. */
export const parseRadioPayload = (fields: JsonFields): Uint8Array => {
  const sizeBytes = parseInteger(fields, 'size', { min: 0, max: MAX_RADIO_PAYLOAD_BYTES })
  const payload = parseBase64(parseText(fields, 'data', MAX_BASE64_CHARS), `${fields.path}.data`)
  if (payload.length === sizeBytes) return payload
  throw new SemtechUdpError('SIZE_MISMATCH', {
    field: `${fields.path}.size`,
    value: sizeBytes,
    problem: `data holds ${payload.length} bytes.`,
    fix: 'Send the number of bytes that data encodes.',
  })
}
