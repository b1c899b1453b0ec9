import { buildReport, encodeSegment, parseNetworkId, recordHash, segmentIds, toHex } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey, sha256 } from '@cairn/runtime'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSegment, parseManifest, SegmentError } from './commitment.ts'
import { parseState, serializeState } from './state-file.ts'

/** More of them: `npm run fuzz -- --runs 1000000`. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 500)
const timeout = 600_000

const network = parseNetworkId(`0x${'5a'.repeat(28)}`)
const signer = deviceSigner(generateDevicePrivateKey())
const reports = Array.from({ length: 3 }, (_, sequence) => {
  const fields = { network, device: 1, epoch: 2, sequence, timeMs: 3_000 + sequence }
  return buildReport(fields, [Uint8Array.of(sequence), new Uint8Array(40)], signer.sign)
})
const hashes = new Uint8Array(
  Buffer.concat(
    reports.map(({ report }) => Buffer.from(recordHash(report.headerBytes, report.signature, sha256))),
  ),
)
const [id] = segmentIds(hashes) as [`0x${string}`]
const commitment = {
  slot: 0,
  epoch: 2,
  ingest: `0x${'11'.repeat(20)}` as const,
  root: `0x${'22'.repeat(32)}` as const,
  count: reports.length,
  sizeBytes: reports.reduce((sum, { bytes }) => sum + bytes.length, 0),
}
const whole = encodeSegment(reports.map(({ bytes }) => bytes))
const wholeManifest = new TextEncoder().encode(JSON.stringify({ segments: [id] }))

/** Bytes that nearly are what they should be: some set, cut, doubled, or others put in. */
const mutated = (bytes: Uint8Array) =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom('set', 'cut', 'insert', 'repeat'),
        at: fc.nat(bytes.length),
        other: fc.uint8Array({ minLength: 1, maxLength: 9 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((changes) => changes.reduce(change, bytes))

function change(
  bytes: Uint8Array,
  { kind, at, other }: { kind: string; at: number; other: Uint8Array },
): Uint8Array {
  const place = Math.min(at, bytes.length)
  const head = bytes.subarray(0, place)
  const tail = bytes.subarray(kind === 'set' ? place + other.length : place)
  if (kind === 'cut') return head
  return new Uint8Array(Buffer.concat(kind === 'repeat' ? [head, tail, tail] : [head, other, tail]))
}

/** What was read; undefined where it is refused. Anything thrown but a SegmentError fails the test. */
function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof SegmentError) return undefined
    throw error
  }
}

describe(`behavior: fuzz, ${numRuns} runs each`, { timeout }, () => {
  test('default: what was not changed is read', () => {
    expect(openSegment(whole, id, commitment, sha256).reports).toHaveLength(3)
    expect(parseManifest(wholeManifest, commitment).segments).toEqual([id])
  })

  test('error: any bytes are the segment of that id, byte for byte, or refused', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated(whole))
    fc.assert(
      fc.property(bytes, (given) => {
        const opened = readOrRefuse(() => openSegment(given, id, commitment, sha256))
        if (opened !== undefined) expect(toHex(opened.hashes)).toBe(toHex(hashes))
      }),
      { numRuns },
    )
  })

  test('error: any bytes are a manifest of as many segments as the commitment has, or refused', () => {
    const json = fc.json({ maxDepth: 4 }).map((text) => new TextEncoder().encode(text))
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), json, mutated(wholeManifest))
    fc.assert(
      fc.property(bytes, (given) => {
        const manifest = readOrRefuse(() => parseManifest(given, commitment))
        if (manifest !== undefined)
          expect(manifest.segments).toEqual([expect.stringMatching(/^0x[0-9a-f]{64}$/)])
      }),
      { numRuns },
    )
  })

  test('error: any state file is the state that was written, or absent', () => {
    const state = {
      rootId: id,
      last: 3,
      evidenceEnd: 1,
      cumulative: [5n, 0n],
      carry: [{ key: new Uint8Array(32), lastEpoch: 2, value: Uint8Array.of(1) }],
      rollover: [0n, 1n, 2n, 3n] as const,
    }
    const text = serializeState(state)
    expect(parseState(text, id)).toEqual(state)
    fc.assert(
      fc.property(mutated(new TextEncoder().encode(text)), (given) => {
        const read = parseState(new TextDecoder().decode(given), id)
        if (read !== undefined) expect(read).toEqual(state)
      }),
      { numRuns },
    )
  })
})
