import { type Hex, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { type Json, parseJson, serializeJson } from './canonical-json.ts'
import { malformedRuleset, RulesetError } from './ruleset-error.ts'

/** A reward program and its share of the emission, in basis points. */
export interface Program {
  readonly name: string
  /** From the first epoch of the ruleset on, until the first shift. */
  readonly weightBps: number
  /** Of what was burned for the program, the most it may pay: 1 to 10 000. Absent: not bounded. */
  readonly returnBps?: number
}

/** Weights that the programs have come to, on a straight line from the ones before, so many epochs after the ruleset came into force. */
export interface WeightShift {
  /** u32, above zero and above that of the shift before. */
  readonly afterEpochs: number
  /** One for each program, in basis points that add up to 10 000. */
  readonly weightsBps: readonly number[]
}

/** The rules of a network in an epoch (spec 4). */
export interface Ruleset {
  /** Id of the sector: 1 to 64 characters of a-z, 0-9 and "-". */
  readonly sector: string
  /** Version of the sector's rules, u32. */
  readonly version: number
  /** One to four, names distinct, weights adding up to 10 000. Their order is that of the amounts in work. */
  readonly programs: readonly Program[]
  /** The sector's own parameters, in full. */
  readonly params: { readonly [key: string]: Json }
  /** Epochs after which carry that nothing touched is dropped, u32. */
  readonly carryEpochs: number
  /** One to seven, in order. Absent: the weights stand still. */
  readonly shifts?: readonly WeightShift[]
}

/** Bytes that a document may have. It is published in an event. */
export const RULESET_BYTES = 65_536

const keys = ['carryEpochs', 'params', 'programs', 'sector', 'shifts', 'version']
const SHIFTS = 7
const nameCharacters = 'abcdefghijklmnopqrstuvwxyz0123456789-'

/**
 * A ruleset from its document's bytes, which must be canonical, or from a value such as a config file holds.
 *
 * @throws RulesetError (`oversized_ruleset`, `not_canonical`, `malformed_ruleset`).
 */
export const parseRuleset = (value: unknown): Ruleset => {
  if (!(value instanceof Uint8Array)) {
    const ruleset = parseFields(value)
    serializeRuleset(ruleset)
    return ruleset
  }
  requireSize(value.length)
  return parseFields(parseJson(value))
}

/**
 * The document of a ruleset: canonical JSON, ASCII. `parseRuleset` gives back an equal ruleset.
 *
 * @throws RulesetError (`oversized_ruleset`, `malformed_ruleset`).
 */
export const serializeRuleset = (ruleset: Ruleset): Uint8Array => {
  const document = new TextEncoder().encode(serializeJson(parseFields(ruleset) as unknown as Json))
  requireSize(document.length)
  return document
}

/** `H(document bytes)`, as `Networks.adoptRuleset` records it. */
export const rulesetHash = (document: Uint8Array): Hex => toHex(keccak256(document))

const parseFields = (value: unknown): Ruleset => {
  const fields = parseObject(value, 'document', keys)
  const programs = parsePrograms(fields.programs)
  return {
    sector: parseName(fields.sector, 'sector'),
    version: parseInteger(fields.version, 'version', 0xffff_ffff),
    programs,
    params: parseObject(fields.params, 'params') as Ruleset['params'],
    carryEpochs: parseInteger(fields.carryEpochs, 'carryEpochs', 0xffff_ffff),
    ...(fields.shifts === undefined ? {} : { shifts: parseShifts(fields.shifts, programs.length) }),
  }
}

const parseShifts = (value: unknown, programs: number): WeightShift[] => {
  if (!Array.isArray(value) || value.length < 1 || value.length > SHIFTS) {
    throw malformedRuleset('shifts', value, `an array of one to ${SHIFTS} shifts, or no key at all`)
  }
  let before = 0
  return value.map((item, i): WeightShift => {
    const path = `shifts.${i}`
    const fields = parseObject(item, path, ['afterEpochs', 'weightsBps'])
    const afterEpochs = parseInteger(fields.afterEpochs, `${path}.afterEpochs`, 0xffff_ffff)
    if (afterEpochs <= before)
      throw malformedRuleset(`${path}.afterEpochs`, afterEpochs, `more than ${before}`)
    before = afterEpochs
    const given = fields.weightsBps
    if (!Array.isArray(given) || given.length !== programs) {
      throw malformedRuleset(`${path}.weightsBps`, given, `a weight for each of the ${programs} programs`)
    }
    const weightsBps = given.map((weight, p) => parseInteger(weight, `${path}.weightsBps.${p}`, 10_000))
    requireWhole(weightsBps, `${path}.weightsBps`)
    return { afterEpochs, weightsBps }
  })
}

const requireWhole = (weightsBps: readonly number[], path: string): void => {
  const sum = weightsBps.reduce((total, weight) => total + weight, 0)
  if (sum !== 10_000) throw malformedRuleset(path, sum, 'weights in basis points that add up to 10000')
}

const parsePrograms = (value: unknown): Program[] => {
  if (!Array.isArray(value) || value.length < 1 || value.length > 4) {
    throw malformedRuleset('programs', value, 'an array of one to four programs')
  }
  const programs = value.map((item, i): Program => {
    const fields = parseObject(item, `programs.${i}`, ['name', 'returnBps', 'weightBps'])
    return {
      name: parseName(fields.name, `programs.${i}.name`),
      weightBps: parseInteger(fields.weightBps, `programs.${i}.weightBps`, 10_000),
      ...(fields.returnBps === undefined
        ? {}
        : { returnBps: parseInteger(fields.returnBps, `programs.${i}.returnBps`, 10_000, 1) }),
    }
  })
  requireWhole(
    programs.map(({ weightBps }) => weightBps),
    'programs',
  )
  const repeated = programs.find(({ name }, i) => programs.findIndex((other) => other.name === name) !== i)
  if (repeated !== undefined) throw malformedRuleset('programs', repeated.name, 'each name once')
  return programs
}

const parseObject = (
  value: unknown,
  path: string,
  exactKeys?: readonly string[],
): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformedRuleset(path, value, 'an object')
  }
  if (exactKeys !== undefined) {
    const unknown = Object.keys(value).find((key) => !exactKeys.includes(key))
    if (unknown !== undefined) throw malformedRuleset(path, unknown, `no keys but ${exactKeys.join(', ')}`)
  }
  return value as Record<string, unknown>
}

const parseName = (value: unknown, path: string): string => {
  if (typeof value === 'string' && value.length >= 1 && value.length <= 64) {
    if ([...value].every((character) => nameCharacters.includes(character))) return value
  }
  throw malformedRuleset(path, value, '1 to 64 characters of a-z, 0-9 and "-"')
}

const parseInteger = (value: unknown, path: string, most: number, least = 0): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw malformedRuleset(path, value, `an integer from ${least} to ${most}`)
}

const requireSize = (sizeBytes: number): void => {
  if (sizeBytes <= RULESET_BYTES) return
  throw new RulesetError({
    code: 'oversized_ruleset',
    message: `The ruleset document has ${sizeBytes} bytes; it may have ${RULESET_BYTES}.`,
    fix: 'Put long lists behind a digest in params and publish them elsewhere.',
    field: 'ruleset',
    value: String(sizeBytes),
    meta: { limit: RULESET_BYTES },
  })
}
