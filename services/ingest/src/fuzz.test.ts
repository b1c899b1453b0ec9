import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvidenceError, encodeGroup, ReportError } from '@cairn/protocol'
import { manualClock } from '@cairn/runtime'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createIngest } from './create-ingest.ts'
import {
  fakeChain,
  joinBatch,
  makeDevices,
  network,
  quiet,
  signingKey,
  signReport,
  temporaryFolder,
  timeline,
} from './fixtures.ts'
import { parseBatch } from './http/parse-batch.ts'
import { IngestError } from './ingest-error.ts'
import { recoverLog } from './log/epoch-log.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 200)
const [device] = makeDevices(1) as [ReturnType<typeof makeDevices>[0]]
const reports = Array.from({ length: 4 }, (_, sequence) => signReport(device, { sequence }))

/** Bytes that nearly are what they should be: some changed, cut, doubled, or others put in. */
const mutated = (bytes: Uint8Array) =>
  fc
    .array(
      fc.record({
        kind: fc.constantFrom('flip', 'cut', 'insert', 'repeat'),
        at: fc.nat(bytes.length),
        with: fc.uint8Array({ maxLength: 12 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((changes) => changes.reduce(change, bytes))

function change(
  bytes: Uint8Array,
  { kind, at, with: other }: { kind: string; at: number; with: Uint8Array },
): Uint8Array {
  const place = Math.min(at, bytes.length)
  const [head, tail] = [bytes.subarray(0, place), bytes.subarray(place)]
  if (kind === 'cut') return head
  if (kind === 'insert') return new Uint8Array(Buffer.concat([head, other, tail]))
  if (kind === 'repeat') return new Uint8Array(Buffer.concat([head, tail, tail]))
  const changed = bytes.slice()
  for (let i = 0; i < other.length && place + i < bytes.length; i++) changed[place + i]! ^= other[i]!
  return changed
}

describe('fuzz', () => {
  test('error: any request body gets an answer for each report, or a problem, and the ingest goes on', async () => {
    const ingest = createIngest({
      chain: fakeChain([device]),
      clock: manualClock(timeline.genesisMs + 1_000),
      log: quiet,
      signingKey,
      threads: 1,
      dataDir: await temporaryFolder(onTestFinished),
      http: { host: '127.0.0.1', port: 0 },
      limits: { groupIntervalMs: 0, invalidBurst: 1e9, deviceBurst: 1e9 },
    })
    const { url } = await ingest.start()
    onTestFinished(() => ingest.stop())
    const body = fc.oneof(fc.uint8Array({ maxLength: 600 }), mutated(joinBatch(reports)))
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const response = await fetch(`${url}/v1/networks/${network}/reports`, {
          method: 'POST',
          headers: { 'content-type': 'application/vnd.cairn.reports' },
          body: new Uint8Array(bytes),
        })
        const answer = (await response.json()) as { results?: { status: string }[]; fix?: string }
        if (response.status === 200) expect(answer.results).toHaveLength(parseBatch(bytes, 4_096).length)
        else expect([response.status, typeof answer.fix]).toEqual([400, 'string'])
      }),
      { numRuns },
    )
    expect((await fetch(`${url}/health`)).status).toBe(200)
  }, 600_000)

  test('error: any body is a batch or a malformed one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated(joinBatch(reports))), (bytes) => {
        try {
          const parsed = parseBatch(bytes, 64)
          expect(joinBatch(parsed)).toEqual(new Uint8Array(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(IngestError)
        }
      }),
      { numRuns },
    )
  })

  test('error: any log is recovered to whole groups of it, or refused as damaged', async () => {
    const path = join(await temporaryFolder(onTestFinished), '0.log')
    const whole = new Uint8Array(
      Buffer.concat([0, 1, 2].map((first) => encodeGroup({ epoch: 0, first, reports: [reports[first]!] }))),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated(whole)), async (bytes) => {
        await writeFile(path, bytes)
        try {
          const { index, validBytes } = await recoverLog(path, 0)
          expect(index.durable).toBe(index.count)
          expect(bytes.subarray(0, validBytes)).toEqual(whole.subarray(0, validBytes))
        } catch (error) {
          expect(error instanceof EvidenceError || error instanceof ReportError).toBe(true)
        }
      }),
      { numRuns },
    )
  }, 600_000)
})
