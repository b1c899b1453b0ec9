import { malformedRuleset, notCanonical } from './ruleset-error.ts'

/** JSON without null and fractions: what a ruleset may be made of (spec 4). */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json }

/** How deep objects and arrays may lie in one another. The document itself is the first. */
export const JSON_DEPTH = 16

/**
 * The one text of a value: keys sorted by code unit, no white space, integers of magnitude below 2^53, strings of printable ASCII.
 *
 * @param path names the value in errors
 * @throws RulesetError (`malformed_ruleset`) for a value that has no such text, or lies deeper than {@link JSON_DEPTH}.
 */
export const serializeJson = (value: unknown, path = 'document', depth = 1): string => {
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value, path)
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value)
    throw malformedRuleset(path, value, 'an integer of magnitude below 2^53')
  }
  if (typeof value !== 'object' || value === null) {
    throw malformedRuleset(path, value, 'an object, array, string, boolean or integer')
  }
  if (depth > JSON_DEPTH) throw malformedRuleset(path, value, `nothing deeper than ${JSON_DEPTH} levels`)
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, i) => serializeJson(item, `${path}.${i}`, depth + 1))
    return `[${items.join(',')}]`
  }
  const entries = Object.keys(value)
    .sort(compareCodeUnits)
    .map((key) => {
      const inner = `${path}.${key}`
      return `${quote(key, inner)}:${serializeJson((value as Record<string, unknown>)[key], inner, depth + 1)}`
    })
  return `{${entries.join(',')}}`
}

/**
 * Reads canonical JSON. A repeated key, another order of keys, white space, a needless escape or another way to write a
 * number all give a document that is not the text of its value, and are refused for that one reason.
 *
 * @throws RulesetError (`not_canonical`, `malformed_ruleset`).
 */
export const parseJson = (bytes: Uint8Array): Json => {
  requireShallowAscii(bytes)
  const text = new TextDecoder().decode(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw notCanonical('it is not JSON', cause)
  }
  if (serializeJson(value) !== text) {
    throw notCanonical(
      'it is not the text of its value (key order, repeated keys, white space, escapes or numbers)',
    )
  }
  return value as Json
}

/** Looks at the bytes before any parser does, so that no nesting of untrusted depth reaches one. */
const requireShallowAscii = (bytes: Uint8Array): void => {
  let depth = 0
  let inString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!
    if (byte < 0x20 || byte > 0x7e) throw notCanonical(`byte ${i} is not printable ASCII`)
    if (inString && byte === 0x5c) i++
    else if (byte === 0x22) inString = !inString
    else if (inString) continue
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if (byte === 0x7d || byte === 0x5d) depth--
    if (depth > JSON_DEPTH) throw notCanonical(`byte ${i} opens level ${depth}; ${JSON_DEPTH} are allowed`)
  }
}

const quote = (text: string, path: string): string => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) throw malformedRuleset(path, text, 'printable ASCII')
  }
  return JSON.stringify(text)
}

const compareCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
