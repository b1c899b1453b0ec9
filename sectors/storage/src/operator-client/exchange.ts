import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http'
import { Agent as HttpsAgent, request as requestHttps } from 'node:https'
import { OperatorClientError } from './operator-client-error.ts'

/** One request and what it may cost. */
export interface ExchangeRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** Parts of the body, sent one after the other. */
  readonly body?: readonly Uint8Array[]
  /** The answer's bytes at most. */
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
}

/** An answer that was read to its end. */
export interface ExchangeReply {
  readonly status: number
  readonly body: Buffer
}

/** Asks one operator over sockets that are kept. */
export interface Exchange {
  /** @throws OperatorClientError `operator_unreachable`, `operator_timeout`, `malformed_reply`; the signal's reason */
  send(request: ExchangeRequest): Promise<ExchangeReply>
  /** Closes the sockets. */
  close(): void
}

/** How an operator is reached. */
export interface ExchangeOptions {
  /** http or https, with whatever path the API is under. */
  readonly url: string
  /** For one request from its begin to its last byte, ms. */
  readonly timeoutMs: number
  /** Sockets at a time; more requests wait for one. */
  readonly maxSockets: number
}

/** Bytes of an error's JSON that are read. */
const maxErrorBytes = 4_096

/** Opens no socket before the first request. */
export function createExchange({ url, timeoutMs, maxSockets }: ExchangeOptions): Exchange {
  const base = new URL(url)
  const isSecure = base.protocol === 'https:'
  const settings = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets, noDelay: true }
  const agent = isSecure ? new HttpsAgent(settings) : new HttpAgent(settings)
  const prefix = base.pathname.replace(/\/$/, '')
  const open = isSecure ? requestHttps : requestHttp

  const once = (
    { method, path, headers, body = [], maxBytes, signal }: ExchangeRequest,
    socketsOf: typeof agent | false = agent,
  ) =>
    new Promise<ExchangeReply>((resolve, reject) => {
      const length = body.reduce((sum, part) => sum + part.length, 0)
      const request = open({
        agent: socketsOf,
        host: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        method,
        path: `${prefix}${path}`,
        headers: {
          ...headers,
          ...(method === 'PUT' || method === 'POST' ? { 'content-length': length } : {}),
        },
        signal,
      })
      const timer = setTimeout(() => request.destroy(timedOut(base.href, method, path, timeoutMs)), timeoutMs)
      const fail = (error: Error) => {
        clearTimeout(timer)
        reject(signal?.aborted ? signal.reason : wrapped(base.href, error, request.reusedSocket))
      }
      request.once('error', fail)
      request.once('response', (response) => {
        collect(response, response.statusCode! < 300 ? maxBytes : maxErrorBytes).then(
          (bytes) => {
            clearTimeout(timer)
            resolve({ status: response.statusCode!, body: bytes })
          },
          (error: Error) => {
            request.destroy()
            fail(error)
          },
        )
      })
      for (const part of body) request.write(part)
      request.end()
    })

  return {
    // All requests of the API may be sent twice: a kept socket that the operator closed meanwhile is no reason to fail. Others that are kept may be closed, too: it gets its own.
    send: (request) =>
      once(request).catch((error: unknown) => {
        if (error instanceof OperatorClientError && error.meta.stale === 1) return once(request, false)
        throw error
      }),
    close: () => agent.destroy(),
  }
}

async function collect(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length
    if (length > maxBytes) throw tooLong(maxBytes)
    parts.push(part)
  }
  if (!response.complete) throw new Error('The answer was cut off.')
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
}

function wrapped(url: string, cause: NodeJS.ErrnoException, reused: boolean): OperatorClientError {
  if (cause instanceof OperatorClientError) return cause
  const isStale = reused && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE')
  return new OperatorClientError({
    code: 'operator_unreachable',
    message: `The operator at ${url} could not be asked: ${cause.message}`,
    fix: 'Take another operator for this row; look at this one again later.',
    field: 'url',
    value: url,
    meta: { stale: isStale ? 1 : 0 },
    cause,
  })
}

function timedOut(url: string, method: string, path: string, timeoutMs: number): OperatorClientError {
  return new OperatorClientError({
    code: 'operator_timeout',
    message: `The operator at ${url} did not answer ${method} ${path} within ${timeoutMs} ms.`,
    fix: 'Take another operator for this row; look at this one again later.',
    field: 'url',
    value: url,
  })
}

function tooLong(maxBytes: number): OperatorClientError {
  return new OperatorClientError({
    code: 'malformed_reply',
    message: `The operator answered with more than ${maxBytes} bytes, which nothing it was asked for has.`,
    fix: 'Take another operator; this one does not keep to the API.',
  })
}
