import { IngestError } from './ingest-error.ts'

/** The part of `fetch` that the agent uses. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface BoundedRequest {
  readonly url: string
  readonly init: RequestInit
  readonly timeoutMs: number
  /** Most bytes of the answer's body that are read. */
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
}

/**
 * One request to a peer that is not trusted: an end in time, a bound on what is read, no redirects, and JSON or nothing.
 *
 * @throws IngestError `ingest_unreachable`, `ingest_timed_out`, `ingest_refused`, `oversized_answer`, `malformed_answer`
 */
export async function fetchJson(fetch: Fetch, request: BoundedRequest): Promise<unknown> {
  const { url, init, timeoutMs, maxBytes, signal } = request
  const timeout = AbortSignal.timeout(timeoutMs)
  const ended = signal === undefined ? timeout : AbortSignal.any([timeout, signal])
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: ended })
    const text = await readBounded(response, url, maxBytes)
    if (!response.ok) throw refused(url, response, text)
    return parseJson(url, text)
  } catch (cause) {
    if (cause instanceof IngestError) throw cause
    if (signal?.aborted === true) throw signal.reason
    throw timeout.aborted ? timedOut(url, timeoutMs, cause) : unreachable(url, cause)
  }
}

async function readBounded(response: Response, url: string, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  const reader = response.body?.getReader()
  while (reader !== undefined) {
    const { done, value } = await reader.read()
    if (done) break
    sizeBytes += value.length
    if (sizeBytes > maxBytes) {
      await reader.cancel().catch(() => {})
      throw oversized(url, maxBytes)
    }
    chunks.push(value)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** An empty body is undefined. */
function parseJson(url: string, text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new IngestError('malformed_answer', {
      url,
      message: `The answer of ${url} is not JSON: it begins with ${JSON.stringify(text.slice(0, 40))}.`,
      fix: 'Check that the URL is that of an ingest and not of a proxy’s or login page.',
      cause,
    })
  }
}

function refused(url: string, response: Response, text: string): IngestError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new IngestError('ingest_refused', {
    url,
    message: `${url} answered with status ${response.status}: ${JSON.stringify(text.slice(0, 200))}.`,
    fix: 'Check the network id and the URL; the ingest’s own log says more.',
    status: response.status,
    retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3600) * 1000 : undefined,
  })
}

const oversized = (url: string, maxBytes: number): IngestError =>
  new IngestError('oversized_answer', {
    url,
    message: `The answer of ${url} has more than ${maxBytes} bytes, more than any true one.`,
    fix: 'Use another ingest; this one is not what it says.',
  })

const timedOut = (url: string, timeoutMs: number, cause: unknown): IngestError =>
  new IngestError('ingest_timed_out', {
    url,
    message: `${url} did not answer within ${timeoutMs} ms.`,
    fix: 'Check the connection; the reports are kept and sent again.',
    cause,
  })

const unreachable = (url: string, cause: unknown): IngestError =>
  new IngestError('ingest_unreachable', {
    url,
    message: `${url} can not be reached: ${reasonOf(cause)}.`,
    fix: 'Check that the URL is right and the ingest runs; the reports are kept and sent again.',
    cause,
  })

/** `fetch` says "fetch failed" and puts what happened below. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return cause.cause instanceof Error ? cause.cause.message || cause.message : cause.message
}
