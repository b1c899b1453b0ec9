import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concatBytes, fromHex, type Hex, toHex } from '../hex.ts'
import { writeU32 } from '../u32.ts'
import { crc32c } from './crc32c.ts'
import { EvidenceError } from './evidence-error.ts'
import { encodeGroup, type LogGroup, parseGroups } from './log-record.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 1_000)
const { log } = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/evidence.json', import.meta.url), 'utf8'),
) as { log: { epoch: string; first: string; reports: Hex[]; record: Hex } }

const groups: fc.Arbitrary<LogGroup> = fc.record({
  epoch: fc.nat({ max: 0xffff_ffff }),
  first: fc.nat({ max: 0xffff_0000 }),
  reports: fc.array(fc.uint8Array({ maxLength: 60 }), { minLength: 1, maxLength: 5 }),
})
const logs = fc.array(groups, { maxLength: 5 })
const encode = (some: readonly LogGroup[]) => concatBytes(...some.map(encodeGroup))
const one: LogGroup = { epoch: 1, first: 2, reports: [Uint8Array.of(3, 4), new Uint8Array()] }

describe('log records', () => {
  test('default: the vector', () => {
    const group = { epoch: Number(log.epoch), first: Number(log.first), reports: log.reports.map(fromHex) }
    expect(toHex(encodeGroup(group))).toBe(log.record)
    expect(parseGroups(fromHex(log.record))).toEqual({
      groups: [group],
      validBytes: log.record.length / 2 - 1,
    })
  })

  test('behavior: what is written is read', () => {
    fc.assert(
      fc.property(logs, (some) => {
        const bytes = encode(some)
        expect(parseGroups(bytes)).toEqual({ groups: some, validBytes: bytes.length })
      }),
    )
  })

  test('behavior: torn at any byte, the records before it are there and the rest is to be cut off', () => {
    fc.assert(
      fc.property(logs, groups, fc.nat(), (before, torn, any) => {
        const whole = encode(before)
        const record = encodeGroup(torn)
        const tail = record.subarray(0, any % record.length)
        expect(parseGroups(concatBytes(whole, tail))).toEqual({ groups: before, validBytes: whole.length })
      }),
      { numRuns },
    )
  })

  test('behavior: a tail of which only some bytes reached the disk is torn too', () => {
    fc.assert(
      fc.property(logs, groups, fc.nat(), fc.nat({ max: 255 }), (before, torn, any, byte) => {
        const whole = encode(before)
        const record = encodeGroup(torn)
        const at = any % record.length
        fc.pre(record[at] !== byte)
        record[at] = byte
        expect(parseGroups(concatBytes(whole, record))).toEqual({ groups: before, validBytes: whole.length })
      }),
      { numRuns },
    )
  })

  test('error: corrupt_log for a damaged record in front of another', () => {
    const bytes = encode([one, one, one])
    const recordBytes = bytes.length / 3
    bytes[recordBytes + 25]! ^= 1
    expect(() => parseGroups(bytes)).toThrow(
      expect.objectContaining({ code: 'corrupt_log', meta: { offset: recordBytes } }),
    )
  })

  // Offsets in a record: count at 12, payload bytes at 16, the first report's length at 20.
  test.for([
    ['count', 12, 3],
    ['count', 12, 0],
    ['count', 12, 0xffff_ffff],
    ['length', 20, 3],
    ['length', 20, 0xffff_ffff],
  ] as const)('error: corrupt_log for a wrong %s under a right checksum', ([, offset, value]) => {
    const bytes = encodeGroup(one)
    writeU32(bytes, offset, value)
    writeU32(bytes, bytes.length - 4, crc32c(bytes.subarray(0, bytes.length - 4)))
    expect(() => parseGroups(bytes)).toThrow(expect.objectContaining({ code: 'corrupt_log' }))
  })

  test('behavior: any change is torn or corrupt, never another group', () => {
    fc.assert(
      fc.property(fc.array(groups, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(7), (some, any, bit) => {
        const bytes = encode(some)
        bytes[any % bytes.length]! ^= 1 << bit
        try {
          const parsed = parseGroups(bytes)
          expect(parsed.groups.length).toBeLessThan(some.length)
          expect(parsed.groups).toEqual(some.slice(0, parsed.groups.length))
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError)
        }
      }),
      { numRuns },
    )
  })

  test.for([
    ['no report', { reports: [] }],
    ['an epoch beyond u32', { epoch: 2 ** 32 }],
    ['a fractional index', { first: 0.5 }],
    ['indexes beyond u32', { first: 0xffff_ffff }],
    ['a report above the limit', { reports: [new Uint8Array(131_073)] }],
  ] as const)('error: malformed_group for %s', ([, change]) => {
    expect(() => encodeGroup({ ...one, ...change })).toThrow(
      expect.objectContaining({ code: 'malformed_group' }),
    )
  })
})
