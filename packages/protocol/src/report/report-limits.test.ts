import { describe, expect, test } from 'vitest'
import { concatBytes } from '../hex.ts'
import { parseNetworkId } from '../identity.ts'
import { buildReport } from './build-report.ts'
import { parseReport } from './parse-report.ts'
import { encodeHeader, parseHeader, type ReportHeader } from './report-header.ts'
import { REPORT_LIMITS } from './report-limits.ts'
import { serializeReport } from './serialize-report.ts'
import { signedContent } from './signed-content.ts'

const fields = {
  network: parseNetworkId(`0x${'ab'.repeat(28)}`),
  device: 1,
  epoch: 2,
  sequence: 3,
  timeMs: 4,
}
const header: ReportHeader = { ...fields, count: 0, bodyRoot: new Uint8Array(32) }
const noSignature = () => new Uint8Array(64)
const withCode = (code: string, meta: object = {}) =>
  expect.objectContaining({ name: 'ReportError', code, meta: expect.objectContaining(meta) })

describe('limits', () => {
  test('behavior: exactly as much as is allowed parses', () => {
    const most = Array.from({ length: 1024 }, () => new Uint8Array(120))
    expect(parseReport(buildReport(fields, most, noSignature).bytes).observations.length).toBe(1024)
    const largest = [new Uint8Array(1024)]
    expect(parseReport(buildReport(fields, largest, noSignature).bytes).observations[0]!.length).toBe(1024)
    // 159 bytes in front of the body, 3 of array head, 126 × (3 + 1024) and the rest in one observation.
    const rest = REPORT_LIMITS.reportBytes - 159 - 2 - 127 * 1027 - 3
    const full = [...Array.from({ length: 127 }, () => new Uint8Array(1024)), new Uint8Array(rest)]
    const { bytes } = buildReport(fields, full, noSignature)
    expect(bytes.length).toBe(REPORT_LIMITS.reportBytes)
    expect(parseReport(bytes).observations.length).toBe(128)
  })

  test('error: one more of anything is refused by both sides', () => {
    const build = (observations: Uint8Array[]) => () => buildReport(fields, observations, noSignature)
    expect(build(Array.from({ length: 1025 }, () => new Uint8Array()))).toThrow(
      withCode('too_many_observations'),
    )
    expect(build([new Uint8Array(1), new Uint8Array(1025)])).toThrow(
      withCode('oversized_observation', { position: 1 }),
    )
    expect(build(Array.from({ length: 128 }, () => new Uint8Array(1024)))).toThrow(
      withCode('oversized_report'),
    )
    expect(() => parseReport(new Uint8Array(REPORT_LIMITS.reportBytes + 1))).toThrow(
      withCode('oversized_report', { limit: 131_072 }),
    )
  })
})

describe('parts', () => {
  test('error: serializeReport takes only parts that make a report', () => {
    const parts = { headerBytes: encodeHeader(header), signature: new Uint8Array(64), observations: [] }
    expect(() => serializeReport({ ...parts, observations: [new Uint8Array()] })).toThrow(
      withCode('count_mismatch', { headerCount: 0, bodyCount: 1 }),
    )
    expect(() => serializeReport({ ...parts, signature: new Uint8Array(65) })).toThrow(
      withCode('malformed_report', { offset: 95 }),
    )
    expect(() => serializeReport({ ...parts, headerBytes: new Uint8Array(84) })).toThrow(
      withCode('malformed_report'),
    )
    expect(() => serializeReport({ ...parts, headerBytes: new Uint8Array(83) })).toThrow(
      withCode('wrong_version'),
    )
  })

  test.for([
    [{ device: -1 }, 29],
    [{ epoch: 2 ** 32 }, 33],
    [{ sequence: 0.5 }, 37],
    [{ timeMs: 2 ** 53 }, 41],
    [{ timeMs: Number.NaN }, 41],
    [{ count: 65_536 }, 49],
    [{ bodyRoot: new Uint8Array(31) }, 51],
    [{ network: '0xab' as ReportHeader['network'] }, 1],
  ] as const)('error: no header of %o', ([change, offset]) => {
    expect(() => encodeHeader({ ...header, ...change })).toThrow(withCode('malformed_report', { offset }))
  })

  test('error: too_many_observations in a header', () => {
    expect(() => encodeHeader({ ...header, count: 1025 })).toThrow(withCode('too_many_observations'))
  })

  test.for([0, 82, 84])('error: %i bytes are no header', (length) => {
    expect(() => parseHeader(new Uint8Array(length))).toThrow(withCode('malformed_report'))
    expect(() => signedContent(new Uint8Array(length))).toThrow(withCode('malformed_report'))
  })
})

describe('malformed', () => {
  const { bytes } = buildReport(fields, [Uint8Array.of(1, 2, 3), new Uint8Array(300)], noSignature)

  test('error: cut off anywhere, it is malformed at or before the cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => parseReport(bytes.subarray(0, length)), `${length} bytes`).toThrow(
        withCode('malformed_report', { offset: expect.toSatisfy((offset: number) => offset <= length) }),
      )
    }
  })

  test('error: the offset of the first wrong byte', () => {
    for (const offset of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 93, 94]) {
      const changed = bytes.slice()
      changed[offset]! ^= 1
      expect(() => parseReport(changed)).toThrow(withCode('malformed_report', { offset }))
    }
  })

  test('error: trailing bytes, with where they begin', () => {
    expect(() => parseReport(concatBytes(bytes, Uint8Array.of(0)))).toThrow(
      withCode('malformed_report', { offset: bytes.length }),
    )
  })

  // Array and byte string heads: every wider form of the value 2 or 3, reserved additional information, indefinite lengths.
  test.for([
    [159, 1, [0x98, 2]],
    [159, 1, [0x99, 0, 2]],
    [159, 1, [0x9a, 0, 0, 0, 2]],
    [159, 1, [0x9b, 0, 0, 0, 0, 0, 0, 0, 2]],
    [159, 1, [0x9c]],
    [159, 1, [0x9f]],
    [159, 1, [0x42]],
    [160, 1, [0x58, 3]],
    [160, 1, [0x59, 0, 3]],
    [160, 1, [0x5a, 0, 0, 0, 3]],
    [160, 1, [0x5b, 0, 0, 0, 0, 0, 0, 0, 3]],
    [160, 1, [0x5d]],
    [160, 1, [0x5f]],
    [160, 1, [0x63]],
    [160, 1, [0xf6]],
  ] as const)('error: at %i, %i bytes become %j', ([offset, length, by]) => {
    const changed = concatBytes(bytes.slice(0, offset), Uint8Array.from(by), bytes.slice(offset + length))
    expect(() => parseReport(changed)).toThrow(withCode('malformed_report', { offset }))
  })

  test.for([
    [159, [0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 'too_many_observations'],
    [159, [0x9a, 0, 1, 0, 0], 'too_many_observations'],
    [159, [0x81], 'count_mismatch'],
    [160, [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 'oversized_observation'],
    [160, [0x5a, 0, 1, 0, 0], 'oversized_observation'],
    [160, [0x59, 4, 1], 'oversized_observation'],
  ] as const)('error: at %i, a head %j is %s', ([offset, by, code]) => {
    const changed = concatBytes(bytes.slice(0, offset), Uint8Array.from(by), bytes.slice(offset + 1))
    expect(() => parseReport(changed)).toThrow(withCode(code))
  })
})
