import { fork } from 'node:child_process'
import { once } from 'node:events'
import { SIGNATURE_BYTES, serializeReport } from '@cairn/protocol'
import { network, reportsOf, signaturesOf } from './epoch-workload.ts'

/** What a request holds, and requests on their way at once. */
const REPORTS_PER_REQUEST = 256
const REQUESTS_IN_FLIGHT = 8

/** One round of reports that all were accepted, with receipts. */
export interface IngestRound {
  readonly reports: number
  readonly wallSeconds: number
  /** Of the ingest's process alone, all its threads; the sender is another process. */
  readonly cpuSeconds: number
  /** Of the sender's process. */
  readonly senderCpuSeconds: number
  /** Of the ingest's process, since it started. */
  readonly peakRssBytes: number
}

/** An ingest in a process of its own and reports for it, signed beforehand. */
export interface IngestLoad {
  /** Sends the next reports, each once, and waits until all are answered. */
  send(): Promise<IngestRound>
  close(): void
}

export async function startIngestLoad(options: {
  readonly rounds: number
  readonly reportsPerRound: number
  readonly observationsEach: number
}): Promise<IngestLoad> {
  const { rounds, reportsPerRound, observationsEach } = options
  const total = rounds * reportsPerRound
  const signatures = await signaturesOf(total, observationsEach)
  const ingest = fork(new URL('../threads/ingest-process.ts', import.meta.url), [`${total}`])
  const ask = async <Answer>(): Promise<Answer> => {
    const answer = once(ingest, 'message')
    ingest.send({})
    return (await answer)[0]
  }
  const [{ port }] = await once(ingest, 'message')
  const url = `http://127.0.0.1:${port}/v1/networks/${network}/reports`
  let next = 0
  return {
    async send() {
      const requests = requestsOf(next, next + reportsPerRound, observationsEach, signatures)
      next += reportsPerRound
      const before = await ask<{ cpuSeconds: number }>()
      const senderBefore = process.cpuUsage()
      const start = performance.now()
      const queue = [...requests]
      const post = async () => {
        for (let body = queue.shift(); body !== undefined; body = queue.shift()) await postReports(url, body)
      }
      await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, post))
      const wallSeconds = (performance.now() - start) / 1000
      const sender = process.cpuUsage(senderBefore)
      const after = await ask<{ cpuSeconds: number; peakRssBytes: number }>()
      return {
        reports: reportsPerRound,
        wallSeconds,
        cpuSeconds: after.cpuSeconds - before.cpuSeconds,
        peakRssBytes: after.peakRssBytes,
        senderCpuSeconds: (sender.user + sender.system) / 1e6,
      }
    },
    close: () => ingest.disconnect(),
  }
}

function requestsOf(
  from: number,
  to: number,
  observationsEach: number,
  signatures: Uint8Array,
): Uint8Array<ArrayBuffer>[] {
  const bodies: Uint8Array<ArrayBuffer>[] = []
  let parts: Uint8Array[] = []
  let device = from
  for (const { headerBytes, observations } of reportsOf(from, to, observationsEach)) {
    const signature = signatures.subarray(SIGNATURE_BYTES * device, SIGNATURE_BYTES * (device + 1))
    const report = serializeReport({ headerBytes, signature, observations })
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, report.length)
    parts.push(length, report)
    device++
    if (parts.length < 2 * REPORTS_PER_REQUEST && device < to) continue
    bodies.push(new Uint8Array(Buffer.concat(parts)))
    parts = []
  }
  return bodies
}

async function postReports(url: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.cairn.reports' },
    body,
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`the ingest answered ${response.status}: ${text.slice(0, 300)}`)
  const { results } = JSON.parse(text) as { results: { status: string; code?: string }[] }
  const rejected = results.find(({ status }) => status !== 'accepted')
  if (rejected !== undefined) throw new Error(`the ingest rejected a report: ${JSON.stringify(rejected)}`)
}
