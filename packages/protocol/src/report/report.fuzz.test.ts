import { cdeDecodeOptions, cdeEncodeOptions, decode, encode, Tag } from 'cbor2'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, equalBytes } from '../hex.ts'
import { observationLists, reportFields, signatures } from './arbitraries.ts'
import { buildReport } from './build-report.ts'
import { parseReport, parseSignedHeader } from './parse-report.ts'
import type { Report } from './report.ts'
import { ReportError } from './report-error.ts'
import { serializeReport } from './serialize-report.ts'

/** More of them: `FUZZ_RUNS=1000000 npx vitest run report.fuzz`. A failure prints the seed that repeats it. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 2_000)

const reports = fc
  .tuple(reportFields, observationLists, signatures)
  .map(([fields, observations, signature]) => buildReport(fields, observations, () => signature))
const smallReports = fc
  .tuple(reportFields, fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 4 }), signatures)
  .map(([fields, observations, signature]) => buildReport(fields, observations, () => signature))

/** A change anywhere, most of them where the form is: at heads, not in contents. */
const mutations = fc.array(
  fc.record({
    kind: fc.constantFrom('set', 'insert', 'remove', 'cut'),
    at: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0.999)),
    near: fc.option(fc.constantFrom(0, 1, 2, 3, 7, 8, 9, 10, 59, 60, 93, 94, 95, 159, 160, 161), {
      nil: undefined,
    }),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(0x40, 0x58, 0x59, 0x5f, 0x80, 0x98, 0x9f, 0xa0, 0xd2, 0xff)),
  }),
  { minLength: 1, maxLength: 4 },
)
type Mutation = typeof mutations extends fc.Arbitrary<(infer Item)[]> ? Item : never

const mutate = (bytes: Uint8Array, { kind, at, near, byte }: Mutation): Uint8Array => {
  const offset = Math.min(near ?? Math.floor(at * bytes.length), bytes.length)
  const tail = bytes.subarray(kind === 'insert' ? offset : offset + 1)
  if (kind === 'cut') return bytes.slice(0, offset)
  return Uint8Array.from([...bytes.subarray(0, offset), ...(kind === 'remove' ? [] : [byte]), ...tail])
}

/** The report; undefined where it is refused. Anything thrown but a ReportError fails the test. */
const parseOrRefuse = (bytes: Uint8Array): Report | undefined => {
  try {
    return parseReport(bytes)
  } catch (error) {
    if (error instanceof ReportError) return undefined
    throw error
  }
}

/** What a parser makes of the bytes: its result, or the code and the message of its refusal. */
const outcomeOf = (parse: (bytes: Uint8Array) => unknown, bytes: Uint8Array): unknown => {
  try {
    return parse(bytes)
  } catch (error) {
    if (error instanceof ReportError) return [error.code, error.message]
    throw error
  }
}

/** What another implementation of deterministic CBOR writes for the same data; undefined if it reads none. */
const canonicalBytes = (bytes: Uint8Array): Uint8Array | undefined => {
  try {
    return encode(decode(bytes), cdeEncodeOptions)
  } catch {
    return undefined
  }
}

/** A head that says the same in `width` bytes more than it needs to; 9 bytes at most. */
const wideHead = (major: number, value: number, width: number): Uint8Array => {
  const forms = [0, 1, 2, 4, 8]
  const least = value < 24 ? 0 : value < 256 ? 1 : 2
  const form = Math.min(least + width, 4)
  if (form === 0) return Uint8Array.of(major | value)
  const argument = Array.from(
    { length: forms[form]! },
    (_, i) => Math.floor(value / 256 ** (forms[form]! - 1 - i)) % 256,
  )
  return Uint8Array.of(major | (23 + form), ...argument)
}

/** The report with each of its heads `widths[i]` steps wider than the shortest, for the widths there are. */
const widen = (report: Report, widths: readonly number[]): Uint8Array => {
  const left = [...widths]
  const head = (major: number, value: number) => wideHead(major, value, left.shift() ?? 0)
  const string = (bytes: Uint8Array) => concatBytes(head(0x40, bytes.length), bytes)
  return concatBytes(
    head(0x80, 2),
    head(0xc0, 18),
    head(0x80, 4),
    string(Uint8Array.of(0xa1, 0x01, 0x26)),
    head(0xa0, 0),
    string(report.headerBytes),
    string(report.signature),
    head(0x80, report.observations.length),
    ...report.observations.map(string),
  )
}

describe('against cbor2', () => {
  test('behavior: everything serialized decodes there to the same structure, and is written there byte for byte', () => {
    fc.assert(
      fc.property(reports, ({ bytes, report }) => {
        const decoded = decode<[Tag, Uint8Array[]]>(bytes, cdeDecodeOptions)
        const [sign1, body] = decoded
        expect(sign1).toBeInstanceOf(Tag)
        expect(sign1.tag).toBe(18)
        expect(sign1.contents).toEqual([
          Uint8Array.of(0xa1, 0x01, 0x26),
          expect.toSatisfy((value: object) => Object.keys(value).length === 0),
          report.headerBytes,
          report.signature,
        ])
        expect(body).toEqual(report.observations)
        expect(encode(decoded, cdeEncodeOptions)).toEqual(bytes)
      }),
      { numRuns: Math.min(numRuns, 300) },
    )
  })

  test('behavior: what cbor2 reads the same and writes in other bytes is refused', () => {
    let compared = 0
    fc.assert(
      fc.property(smallReports, fc.array(fc.nat(4), { maxLength: 12 }), ({ bytes, report }, widths) => {
        const wide = widen(report, widths)
        expect(canonicalBytes(wide)).toEqual(bytes)
        if (equalBytes(wide, bytes)) expect(parseReport(wide)).toEqual(report)
        else {
          compared++
          expect(parseOrRefuse(wide)).toBe(undefined)
        }
      }),
      { numRuns },
    )
    expect(compared).toBeGreaterThan(numRuns / 2)
  })

  test('behavior: what parses, cbor2 reads as deterministic', () => {
    fc.assert(
      fc.property(smallReports, mutations, ({ bytes }, changes) => {
        const changed = changes.reduce(mutate, bytes)
        if (parseOrRefuse(changed) !== undefined) expect(canonicalBytes(changed)).toEqual(changed)
      }),
      { numRuns },
    )
  })
})

describe('mutations', () => {
  test('behavior: refused with a ReportError, or the bytes serialize to', () => {
    let parsed = 0
    fc.assert(
      fc.property(smallReports, mutations, ({ bytes }, changes) => {
        const changed = changes.reduce(mutate, bytes)
        const report = parseOrRefuse(changed)
        if (report === undefined) return
        parsed++
        expect(serializeReport(report)).toEqual(changed)
      }),
      { numRuns },
    )
    expect(parsed, 'every mutation was refused, so nothing was compared').toBeGreaterThan(0)
  })

  test('behavior: the signed header is had of the same bytes, and refused with the same words', () => {
    const withoutObservations = (bytes: Uint8Array) => {
      const { observations: _, ...signedHeader } = parseReport(bytes)
      return signedHeader
    }
    fc.assert(
      fc.property(smallReports, mutations, ({ bytes }, changes) => {
        for (const each of [bytes, changes.reduce(mutate, bytes)]) {
          expect(outcomeOf(parseSignedHeader, each)).toEqual(outcomeOf(withoutObservations, each))
        }
      }),
      { numRuns },
    )
  })

  test('behavior: arbitrary bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(parseOrRefuse(bytes)).toBe(undefined)
      }),
      { numRuns },
    )
  })
})
