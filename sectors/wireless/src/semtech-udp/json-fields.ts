import { SemtechUdpError } from './error.ts'

/** A JSON object and where it stands in the datagram, e.g. `rxpk[3]`. */
export type JsonFields = { readonly path: string; readonly object: Readonly<Record<string, unknown>> }

/** An inclusive range, in the unit of the field it bounds. */
export type Range = { readonly min: number; readonly max: number }

export const U32: Range = { min: 0, max: 0xffff_ffff }

const invalid = (field: string, value: unknown, expected: string): SemtechUdpError =>
  new SemtechUdpError('FIELD_INVALID', {
    field,
    value,
    problem: `${expected} is expected.`,
    fix: 'Correct the field or update the packet forwarder.',
  })

/** Takes `value` as a JSON object at `path`. */
export const parseObject = (value: unknown, path: string): JsonFields => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(path, value, 'an object')
  return { path, object: value as Record<string, unknown> }
}

/** Present and not null; C forwarders never write null, some rewrites do, meaning absent. */
export const hasField = (fields: JsonFields, name: string): boolean =>
  Object.hasOwn(fields.object, name) && fields.object[name] !== null

const required = (fields: JsonFields, name: string): unknown => {
  if (hasField(fields, name)) return fields.object[name]
  throw new SemtechUdpError('FIELD_MISSING', {
    field: `${fields.path}.${name}`,
    value: undefined,
    problem: 'the field is required.',
    fix: 'Add it, or update the packet forwarder.',
  })
}

/** A finite number times `scale`, rounded to the nearest integer, within `range` (after scaling). */
export const parseScaled = (fields: JsonFields, name: string, scale: number, range: Range): number => {
  const value = required(fields, name)
  const field = `${fields.path}.${name}`
  const expected = `a number from ${range.min / scale} to ${range.max / scale}`
  if (typeof value !== 'number') throw invalid(field, value, expected)
  // Adding zero turns −0, which JSON can carry, into 0.
  const scaled = Math.round(value * scale) + 0
  if (!(scaled >= range.min && scaled <= range.max)) throw invalid(field, value, expected)
  return scaled
}

/** An integer within `range`. */
export const parseInteger = (fields: JsonFields, name: string, range: Range): number => {
  const value = required(fields, name)
  if (!Number.isSafeInteger(value) || (value as number) < range.min || (value as number) > range.max)
    throw invalid(`${fields.path}.${name}`, value, `an integer from ${range.min} to ${range.max}`)
  return (value as number) + 0
}

/** A string of at most `maxChars` UTF-16 units. */
export const parseText = (fields: JsonFields, name: string, maxChars: number): string => {
  const value = required(fields, name)
  if (typeof value !== 'string' || value.length > maxChars)
    throw invalid(`${fields.path}.${name}`, value, `a string of at most ${maxChars} characters`)
  return value
}

/** One of a list of strings or numbers. */
export const parseOneOf = <T extends string | number>(
  fields: JsonFields,
  name: string,
  allowed: readonly T[],
): T => {
  const value = required(fields, name)
  if (!allowed.includes(value as T))
    throw invalid(`${fields.path}.${name}`, value, `one of ${allowed.join(', ')}`)
  return value as T
}

/** A boolean, or `absent` when the field is not there. */
export const parseFlag = (fields: JsonFields, name: string, absent: boolean): boolean => {
  if (!hasField(fields, name)) return absent
  const value = fields.object[name]
  if (typeof value !== 'boolean') throw invalid(`${fields.path}.${name}`, value, 'true or false')
  return value
}

/** Runs `parse` only when the field is there. */
export const optional = <T>(fields: JsonFields, name: string, parse: () => T): T | undefined =>
  hasField(fields, name) ? parse() : undefined

/** The raw value of a required field, for fields that have two types (`datr`). */
export const readField = required

/** The error of a field whose value has the wrong form. */
export const invalidField = (fields: JsonFields, name: string, expected: string): SemtechUdpError =>
  invalid(`${fields.path}.${name}`, fields.object[name], expected)
