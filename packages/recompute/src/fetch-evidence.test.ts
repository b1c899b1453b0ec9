import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeSegment, parseReport, recordHash, SEGMENT_LEAVES, segmentIds } from '@cairn/protocol'
import { fileObjectStore, sha256 } from '@cairn/runtime'
import { createTestDevices, TEST_NETWORK, testSlot } from '@cairn/testing'
import { expect, test } from 'vitest'
import type { Commitment } from './commitment.ts'
import { type EvidenceSources, fetchEvidence, UnavailableError } from './fetch-evidence.ts'

const [device] = createTestDevices(TEST_NETWORK, 1)
const reports = Array.from({ length: 5 }, (_, sequence) =>
  device!.report({ epoch: 0, sequence, timeMs: 1 }, [Uint8Array.of(sequence)]),
)

/** What an honest server would answer for `reports`, by URL path. */
function serve(log: readonly Uint8Array[]): { commitment: Commitment; files: Map<string, Uint8Array> } {
  const hashes = Buffer.concat(
    log.map((report) => {
      const { headerBytes, signature } = parseReport(report)
      return recordHash(headerBytes, signature, sha256)
    }),
  )
  const { root } = testSlot(0, 0, log)
  const segments = segmentIds(hashes)
  const base = `http://a/v1/networks/${TEST_NETWORK}`
  const files = new Map<string, Uint8Array>([
    [`${base}/commitments/${root}`, new TextEncoder().encode(JSON.stringify({ segments }))],
  ])
  segments.forEach((id, i) => {
    files.set(
      `${base}/segments/${id}`,
      encodeSegment(log.slice(i * SEGMENT_LEAVES, (i + 1) * SEGMENT_LEAVES)),
    )
  })
  const sizeBytes = log.reduce((sum, { length }) => sum + length, 0)
  return { commitment: { slot: 0, epoch: 0, ingest: '0x00', root, count: log.length, sizeBytes }, files }
}

function sourcesFor(files: ReadonlyMap<string, Uint8Array>, urls = ['http://a']): EvidenceSources {
  const home = mkdtempSync(join(tmpdir(), 'cairn-evidence-'))
  return {
    network: TEST_NETWORK,
    urls,
    fetchBytes: async (url) => {
      const bytes = files.get(url)
      if (bytes === undefined) throw new Error(`404 from ${url}`)
      return bytes
    },
    segments: fileObjectStore(join(home, 'segments')),
    manifests: fileObjectStore(join(home, 'manifests')),
    sha256,
  }
}

test('default: gives the reports in order, and keeps what it fetched', async () => {
  const { commitment, files } = serve(reports)
  const sources = sourcesFor(files)
  expect(await fetchEvidence(commitment, sources)).toEqual(reports)
  files.clear()
  expect((await fetchEvidence(commitment, sources)).map((report) => [...report])).toEqual(
    reports.map((report) => [...report]),
  )
})

test('behavior: asks the next source when one fails', async () => {
  const { commitment, files } = serve(reports)
  expect(await fetchEvidence(commitment, sourcesFor(files, ['http://dead', 'http://a']))).toEqual(reports)
})

test('error: any single changed byte of a segment is noticed', async () => {
  const { commitment, files } = serve(reports.slice(0, 2))
  const url = [...files.keys()].find((key) => key.includes('/segments/'))!
  const honest = files.get(url)!
  for (let at = 0; at < honest.length; at++) {
    const broken = honest.slice()
    broken[at]! ^= 1
    files.set(url, broken)
    await expect(fetchEvidence(commitment, sourcesFor(files)), `byte ${at}`).rejects.toThrowError(
      UnavailableError,
    )
  }
})

test('error: nobody has it', async () => {
  const { commitment } = serve(reports)
  await expect(fetchEvidence(commitment, sourcesFor(new Map()))).rejects.toMatchObject({
    meta: { 'http://a': expect.stringContaining('404') },
  })
})

test('error: a list of segments that does not fit the count', async () => {
  const { commitment, files } = serve(reports)
  const url = [...files.keys()].find((key) => key.includes('/commitments/'))!
  for (const text of ['{"segments":[]}', '[]', '{', '{"segments":["0x12"]}']) {
    files.set(url, new TextEncoder().encode(text))
    await expect(fetchEvidence(commitment, sourcesFor(files))).rejects.toThrowError(UnavailableError)
  }
})
