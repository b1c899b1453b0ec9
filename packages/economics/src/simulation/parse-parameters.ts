import { describeValue } from '@cairn/protocol'
import { EconomicsError } from '../economics-error.ts'
import type { EconomyParameters, Shock } from './parameters.ts'
import { requireParameters } from './require-parameters.ts'

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Parameters as JSON: amounts of tokens and shares as decimal text, everything else as numbers. */
export const parametersToJson = (parameters: EconomyParameters): Json => toJson(parameters)

function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]))
  }
  return value as Json
}

/**
 * Parameters from JSON in the form of {@link parametersToJson}. What is left out is as in `base`; a list is given whole.
 *
 * @throws EconomicsError for a field there is none of, a value of another kind, or one out of bounds; the error names the field
 */
export function parseParameters(json: unknown, base: EconomyParameters): EconomyParameters {
  const merged = merge(json, base, '') as EconomyParameters
  requireParameters(merged)
  return merged
}

const emptyShock: Required<Shock> = { epoch: 0, days: 1, sentiment: 1, demand: 1, hurdle: 1, poached: 0 }

/** `given` in the shape of `template`, whose kinds of values say what is expected. */
function merge(given: unknown, template: unknown, field: string): unknown {
  if (given === undefined) return template
  if (typeof template === 'bigint') return parseAmount(given, field)
  if (typeof template === 'number') {
    if (typeof given === 'number' && Number.isFinite(given)) return given
    throw misplaced(field, given, 'a number')
  }
  if (Array.isArray(template)) return parseList(given, template, field)
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw misplaced(field, given, 'an object')
  }
  const shape = template as Record<string, unknown>
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(shape, key)) {
      throw misplaced(
        join(field, key),
        (given as Record<string, unknown>)[key],
        `one of ${Object.keys(shape).join(', ')}`,
      )
    }
  }
  return Object.fromEntries(
    Object.keys(shape).map((key) => [
      key,
      merge((given as Record<string, unknown>)[key], shape[key], join(field, key)),
    ]),
  )
}

function parseList(given: unknown, template: readonly unknown[], field: string): unknown[] {
  if (!Array.isArray(given) || given.length > 64) throw misplaced(field, given, 'a list of at most 64')
  const isPair = field === 'behaviour.hurdle' || field === 'customers.priceUsd'
  if (isPair && given.length !== 2) throw misplaced(field, given, 'two numbers')
  const each = field === 'shocks' ? emptyShock : template[0]
  return given.map((value, index) => {
    if (value === undefined || value === null) throw misplaced(`${field}.${index}`, value, 'a value')
    return merge(value, each, `${field}.${index}`)
  })
}

function parseAmount(given: unknown, field: string): bigint {
  if (typeof given === 'string' && /^\d{1,40}$/.test(given)) return BigInt(given)
  if (typeof given === 'number' && Number.isSafeInteger(given) && given >= 0) return BigInt(given)
  throw misplaced(field, given, 'a whole number as text, like "1000000000000000000"')
}

const join = (field: string, key: string): string => (field === '' ? key : `${field}.${key.slice(0, 40)}`)

const misplaced = (field: string, value: unknown, expected: string): EconomicsError =>
  new EconomicsError({
    code: 'inconsistent',
    message: `The parameters have ${describeValue(value)} at ${field === '' ? 'the top' : field}; expected ${expected}.`,
    fix: 'Correct it; the parameters a result was made with stand in it as an example of every field.',
    field: field === '' ? 'parameters' : field,
    value: describeValue(value),
  })
