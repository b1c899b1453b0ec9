import { concatBytes, describeValue, type NetworkId, parseReceipt, type Receipt } from '@cairn/protocol'
import { type Fetch, fetchJson } from './bounded-fetch.ts'
import { IngestError } from './ingest-error.ts'

/** What an ingest says of one report. The receipt is parsed, not yet believed. */
export type SendResult =
  | { readonly status: 'accepted'; readonly receipt: Receipt }
  | { readonly status: 'rejected'; readonly code: string; readonly message: string; readonly fix: string }

/** What one request may hold (spec of the ingest's HTTP interface). */
export const SEND_LIMITS = { reports: 4096, bytes: 4 << 20 } as const

export interface IngestClient {
  readonly url: string
  /** Results in the reports' order. @throws IngestError */
  send(reports: readonly Uint8Array[], signal?: AbortSignal): Promise<SendResult[]>
  /** The ingest's clock, Unix ms. @throws IngestError */
  clock(signal?: AbortSignal): Promise<number>
}

export interface IngestClientOptions {
  /** As `https://ingest.example.org`, with or without a path. */
  readonly url: string
  readonly network: NetworkId
  readonly fetch: Fetch
  /** Default 15 000. */
  readonly timeoutMs?: number | undefined
}

export function createIngestClient({
  url,
  network,
  fetch,
  timeoutMs = 15_000,
}: IngestClientOptions): IngestClient {
  const base = `${url.replace(/\/$/, '')}/v1/networks/${network}`
  return {
    url,
    async send(reports, signal) {
      const answer = await fetchJson(fetch, {
        url: `${base}/reports`,
        init: {
          method: 'POST',
          headers: { 'content-type': 'application/vnd.cairn.reports' },
          body: frame(reports) as Uint8Array<ArrayBuffer>,
        },
        timeoutMs,
        // A receipt of the largest group is under 2 KiB of JSON, a rejection is a few sentences.
        maxBytes: 65_536 + 4096 * reports.length,
        signal,
      })
      return parseResults(url, answer, reports.length)
    },
    async clock(signal) {
      const answer = await fetchJson(fetch, {
        url: `${base}/clock`,
        init: { method: 'GET' },
        timeoutMs,
        maxBytes: 65_536,
        signal,
      })
      const nowMs = fieldsOf(answer)?.nowMs
      if (typeof nowMs === 'number' && Number.isSafeInteger(nowMs) && nowMs >= 0) return nowMs
      throw malformed(url, `its clock's nowMs is ${describeValue(nowMs)}`)
    },
  }
}

/** `(length u32 ‖ report)*`. */
function frame(reports: readonly Uint8Array[]): Uint8Array {
  return concatBytes(...reports.flatMap((report) => [lengthOf(report), report]))
}

function lengthOf({ length }: Uint8Array): Uint8Array {
  return Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length)
}

function parseResults(url: string, answer: unknown, count: number): SendResult[] {
  const results = fieldsOf(answer)?.results
  if (!Array.isArray(results) || results.length !== count)
    throw malformed(url, `results is ${describeValue(results)} for ${count} reports`)
  return results.map((result, i) => parseResult(url, result, i))
}

function parseResult(url: string, value: unknown, position: number): SendResult {
  const fields = fieldsOf(value)
  if (fields?.status === 'accepted') {
    try {
      return { status: 'accepted', receipt: parseReceipt(fields.receipt) }
    } catch (cause) {
      throw malformed(url, `result ${position} has no receipt that parses`, cause)
    }
  }
  if (fields?.status !== 'rejected' || typeof fields.code !== 'string' || !isCode(fields.code))
    throw malformed(url, `result ${position} is neither accepted nor rejected with a code`)
  return { status: 'rejected', code: fields.code, message: textOf(fields.message), fix: textOf(fields.fix) }
}

const isCode = (text: string): boolean => /^[a-z][a-z0-9_]{0,63}$/.test(text)

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 500) : '')

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject ? (value as Record<string, unknown>) : undefined
}

function malformed(url: string, what: string, cause?: unknown): IngestError {
  return new IngestError('malformed_answer', {
    url,
    message: `The answer of ${url} can not be used: ${what}.`,
    fix: 'Bring agent and ingest to the same version, or use another ingest.',
    cause,
  })
}
