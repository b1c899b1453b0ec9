import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import { fromHex, type Hex, toHex } from '../hex.ts'
import { JSON_DEPTH, type Json } from './canonical-json.ts'
import {
  type Program,
  parseRuleset,
  RULESET_BYTES,
  type Ruleset,
  rulesetHash,
  serializeRuleset,
} from './ruleset.ts'
import { RulesetError } from './ruleset-error.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 1_000)
const vectors = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/ruleset.json', import.meta.url), 'utf8'),
) as {
  documents: {
    text: string
    document: Hex
    hash: Hex
    sector: string
    version: string
    weightsBps: string[]
  }[]
  refused: { why: string; code: string; document: Hex }[]
}

const encode = (text: string) => new TextEncoder().encode(text)
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
})
const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.boolean(),
    fc.maxSafeInteger().map((integer) => integer + 0),
    printable,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(printable, fc.constantFrom('10', '9', '__proto__', 'constructor')), tie('value'), {
      maxKeys: 4,
    }),
  ),
})).value
const names = fc.string({ unit: fc.constantFrom(...'abz09-'), minLength: 1, maxLength: 64 })
const programs = fc
  .tuple(
    fc.uniqueArray(names, { minLength: 1, maxLength: 4 }),
    fc.array(fc.nat(2_500), { minLength: 3, maxLength: 3 }),
  )
  .map(([unique, weights]) =>
    unique.map((name, i) => ({
      name,
      weightBps:
        i > 0 ? weights[i - 1]! : 10_000 - weights.slice(0, unique.length - 1).reduce((a, b) => a + b, 0),
    })),
  )
const bounded = (given: readonly Program[], returns: readonly number[]): Program[] =>
  given.map((program, i) => (returns[i]! > 0 ? { ...program, returnBps: returns[i]! } : program))
const rulesets: fc.Arbitrary<Ruleset> = fc
  .record({
    sector: names,
    version: fc.nat({ max: 0xffff_ffff }),
    programs,
    params: fc.dictionary(printable, json),
    carryEpochs: fc.nat({ max: 0xffff_ffff }),
    returns: fc.array(fc.nat(10_000), { minLength: 4, maxLength: 4 }),
    shiftsAfter: fc.uniqueArray(fc.integer({ min: 1, max: 0xffff_ffff }), { maxLength: 7 }),
  })
  .map(({ returns, shiftsAfter, programs: given, ...rest }) => {
    const shifts = shiftsAfter
      .sort((a, b) => a - b)
      .map((afterEpochs, i) => ({
        afterEpochs,
        weightsBps: given.map((_, p) => (p === i % given.length ? 10_000 : 0)),
      }))
    return { ...rest, programs: bounded(given, returns), ...(shifts.length > 0 ? { shifts } : {}) }
  })

const valid: Ruleset = {
  sector: 'wireless',
  version: 1,
  programs: [{ name: 'usage', weightBps: 10_000 }],
  params: {},
  carryEpochs: 8,
}
const shift = (afterEpochs: number) => ({ afterEpochs, weightsBps: [10_000] })
const validText = new TextDecoder().decode(serializeRuleset(valid))

describe('vectors', () => {
  test.for(vectors.documents)('default: $hash', ({ text, document, hash, sector, version, weightsBps }) => {
    const bytes = fromHex(document)
    const ruleset = parseRuleset(bytes)
    expect(toHex(encode(text))).toBe(document)
    expect(ruleset.sector).toBe(sector)
    expect(String(ruleset.version)).toBe(version)
    expect(ruleset.programs.map(({ weightBps }) => String(weightBps))).toEqual(weightsBps)
    expect(serializeRuleset(ruleset)).toEqual(bytes)
    expect(rulesetHash(bytes)).toBe(hash)
    expect(keccak256(document)).toBe(hash)
  })

  test.for(vectors.refused)('error: $why is $code', ({ code, document }) => {
    expect(() => parseRuleset(fromHex(document))).toThrow(
      expect.objectContaining({ name: 'RulesetError', code }),
    )
  })
})

describe('round trip', () => {
  test('default: the document of spec 4', () => {
    expect(validText).toBe(
      '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
    )
  })

  test('behavior: parse(serialize(r)) = r, from bytes and from values', () => {
    fc.assert(
      fc.property(rulesets, (ruleset) => {
        const document = serializeRuleset(ruleset)
        expect(parseRuleset(document)).toEqual(ruleset)
        expect(parseRuleset(JSON.parse(new TextDecoder().decode(document)))).toEqual(ruleset)
        expect(serializeRuleset(parseRuleset(document))).toEqual(document)
      }),
      { numRuns: Math.min(numRuns, 2_000) },
    )
  })

  test('behavior: keys sort by code unit at every depth, whatever order they were given in', () => {
    const params = { b: 1, a: { z: 1, B: 2, '10': 3, '9': 4, '': 5 } }
    expect(new TextDecoder().decode(serializeRuleset({ ...valid, params }))).toContain(
      '"params":{"a":{"":5,"10":3,"9":4,"B":2,"z":1},"b":1}',
    )
  })

  test('behavior: changed documents are refused with a RulesetError, or are what their ruleset serializes to', () => {
    const change = fc.record({
      kind: fc.constantFrom('set', 'insert', 'remove'),
      at: fc.nat(),
      text: fc.constantFrom(
        ' ',
        '"',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '0',
        '1',
        '-',
        '.',
        'e',
        '\\',
        'é',
        'u',
        'true',
      ),
    })
    let parsed = 0
    fc.assert(
      fc.property(rulesets, fc.array(change, { minLength: 1, maxLength: 3 }), (ruleset, changes) => {
        let text = new TextDecoder().decode(serializeRuleset(ruleset))
        for (const { kind, at, text: by } of changes) {
          const offset = at % (text.length + 1)
          text = `${text.slice(0, offset)}${kind === 'remove' ? '' : by}${text.slice(kind === 'insert' ? offset : offset + 1)}`
        }
        try {
          const again = serializeRuleset(parseRuleset(encode(text)))
          expect(again).toEqual(encode(text))
          parsed++
        } catch (error) {
          expect(error).toBeInstanceOf(RulesetError)
        }
      }),
      { numRuns },
    )
    expect(parsed, 'every change was refused, so nothing was compared').toBeGreaterThan(0)
  })
})

describe('form', () => {
  test.for([
    ['nothing', ''],
    ['no JSON', '{"carryEpochs":8'],
    ['a line feed at the end', `${validText}\n`],
    ['a byte order mark', `\ufeff${validText}`],
    ['a second document', `${validText}${validText}`],
    ['a repeated key in params', validText.replace('{}', '{"a":1,"a":1}')],
    ['a repeated key by escape', validText.replace('{}', '{"a":1,"\\u0061":1}')],
    ['an escaped slash', validText.replace('{}', '{"a":"\\/"}')],
    ['a plus sign', validText.replace(':8', ':+8')],
    ['a leading zero', validText.replace(':8', ':08')],
    ['an integer that rounds', validText.replace('{}', '{"a":9007199254740991.1}')],
    ['NUL', validText.replace('wireless', 'wire\u0000less')],
    ['DEL', validText.replace('wireless', 'wire\u007fless')],
  ] as const)('error: %s is not_canonical', ([, text]) => {
    expect(() => parseRuleset(encode(text))).toThrow(expect.objectContaining({ code: 'not_canonical' }))
  })

  test('error: bytes that are no UTF-8', () => {
    const document = encode(validText)
    document[20] = 0xff
    expect(() => parseRuleset(document)).toThrow(expect.objectContaining({ code: 'not_canonical' }))
  })

  test('behavior: brackets in strings open nothing', () => {
    const params = { a: '[{'.repeat(40), b: '"[[\\"{{'.repeat(9) }
    expect(parseRuleset(serializeRuleset({ ...valid, params })).params).toEqual(params)
  })

  /** An array in params of so many levels; the document and params are the two above it. */
  const nested = (levels: number): Json => (levels === 0 ? 1 : [nested(levels - 1)])

  test('behavior: as deep as allowed, and no deeper on either side', () => {
    const deepest = serializeRuleset({ ...valid, params: { a: nested(JSON_DEPTH - 2) } })
    expect(serializeRuleset(parseRuleset(deepest))).toEqual(deepest)
    const params = { a: nested(JSON_DEPTH - 1) }
    expect(() => serializeRuleset({ ...valid, params })).toThrow(
      expect.objectContaining({ code: 'malformed_ruleset' }),
    )
    const text = validText.replace('{}', JSON.stringify(params))
    expect(() => parseRuleset(encode(text))).toThrow(expect.objectContaining({ code: 'not_canonical' }))
  })

  test('behavior: nesting of any depth costs no stack', () => {
    expect(() => parseRuleset(encode('['.repeat(RULESET_BYTES)))).toThrow(RulesetError)
    const loop: { [key: string]: Json } = {}
    loop.again = loop
    expect(() => parseRuleset({ ...valid, params: loop })).toThrow(RulesetError)
  })

  test('behavior: exactly as long as allowed, and no longer on either side', () => {
    const room = RULESET_BYTES - validText.length - '"a":""'.length
    const longest = serializeRuleset({ ...valid, params: { a: 'x'.repeat(room) } })
    expect(longest.length).toBe(RULESET_BYTES)
    expect(parseRuleset(longest).params.a).toBe('x'.repeat(room))
    const oversized = expect.objectContaining({ code: 'oversized_ruleset' })
    expect(() => serializeRuleset({ ...valid, params: { a: 'x'.repeat(room + 1) } })).toThrow(oversized)
    expect(() => parseRuleset({ ...valid, params: { a: 'x'.repeat(room + 1) } })).toThrow(oversized)
    expect(() => parseRuleset(new Uint8Array(RULESET_BYTES + 1))).toThrow(oversized)
  })
})

describe('fields', () => {
  test.for([
    ['document', undefined],
    ['document', null],
    ['document', []],
    ['document', 'text'],
    ['document', { ...valid, extra: 1 }],
    ['sector', { ...valid, sector: '' }],
    ['sector', { ...valid, sector: 'Wireless' }],
    ['sector', { ...valid, sector: 'x'.repeat(65) }],
    ['sector', { ...valid, sector: undefined }],
    ['version', { ...valid, version: -1 }],
    ['version', { ...valid, version: 2 ** 32 }],
    ['version', { ...valid, version: '1' }],
    ['carryEpochs', { ...valid, carryEpochs: 0.5 }],
    ['params', { ...valid, params: [] }],
    ['document.params.a', { ...valid, params: { a: null } }],
    ['document.params.a.1', { ...valid, params: { a: [1, undefined] } }],
    ['document.params.a', { ...valid, params: { a: 2 ** 53 } }],
    ['document.params.a', { ...valid, params: { a: -0 } }],
    ['document.params.a', { ...valid, params: { a: 1n } }],
    ['document.params.a', { ...valid, params: { a: 'é' } }],
    ['document.params.é', { ...valid, params: { é: 1 } }],
    ['programs', { ...valid, programs: {} }],
    ['programs', { ...valid, programs: [] }],
    ['programs', { ...valid, programs: Array.from('abcde', (name) => ({ name, weightBps: 2_000 })) }],
    ['programs', { ...valid, programs: [{ name: 'a', weightBps: 9_999 }] }],
    ['programs.0.weightBps', { ...valid, programs: [{ name: 'a', weightBps: 10_001 }] }],
    ['programs.0.weightBps', { ...valid, programs: [{ name: 'a' }] }],
    ['programs.0.name', { ...valid, programs: [{ name: 'a b', weightBps: 10_000 }] }],
    ['programs.0', { ...valid, programs: [{ name: 'a', weightBps: 10_000, more: 1 }] }],
    ['programs.0.returnBps', { ...valid, programs: [{ name: 'a', weightBps: 10_000, returnBps: 0 }] }],
    ['shifts', { ...valid, shifts: [] }],
    ['shifts', { ...valid, shifts: Array.from({ length: 8 }, (_, i) => shift(i + 1)) }],
    ['shifts.1.afterEpochs', { ...valid, shifts: [shift(5), shift(5)] }],
    ['shifts.0.weightsBps', { ...valid, shifts: [{ afterEpochs: 1, weightsBps: [5_000, 5_000] }] }],
    ['shifts.0.weightsBps', { ...valid, shifts: [{ afterEpochs: 1, weightsBps: [9_999] }] }],
    ['programs', { ...valid, programs: [...'aa'].map((name) => ({ name, weightBps: 5_000 })) }],
  ] as const)('error: malformed_ruleset at %s', ([field, value]) => {
    expect(() => parseRuleset(value)).toThrow(
      expect.objectContaining({ name: 'RulesetError', code: 'malformed_ruleset', field }),
    )
  })
})

test('behavior: a program may have no weight, to count what is not paid', () => {
  const programs = [
    { name: 'usage', weightBps: 10_000 },
    { name: 'faults', weightBps: 0 },
  ]
  const document = serializeRuleset({ sector: 'example', version: 1, programs, params: {}, carryEpochs: 8 })
  expect(parseRuleset(document).programs).toEqual(programs)
})
