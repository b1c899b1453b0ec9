import { createServer, type ServerResponse } from 'node:http'
import { BaseError } from '@cairn/protocol'
import { type Logger, listen } from '@cairn/runtime'
import { StoreError } from '../store/store-error.ts'
import type { ApiReply, OperatorApi } from './create-operator-api.ts'
import { parseRoute } from './parse-route.ts'
import { ServerError } from './server-error.ts'

/** A server that runs. */
export interface OperatorServer {
  readonly port: number
  /** Lets requests that are under way end, for as long as given. */
  stop(graceMs?: number): Promise<void>
}

/** Where it listens, and what a connection may cost. */
export interface OperatorServerOptions {
  readonly api: OperatorApi
  readonly host: string
  readonly port: number
  readonly log: Pick<Logger, 'error' | 'warn'>
  readonly maxConnections?: number
  /** A request's head, and all of it: who sends slower is cut off. */
  readonly headersTimeoutMs?: number
  readonly requestTimeoutMs?: number
}

/** Answers customers. @throws AddressNotAvailableError */
export async function startOperatorServer(options: OperatorServerOptions): Promise<OperatorServer> {
  const { api, host, log } = options
  const server = createServer(
    {
      headersTimeout: options.headersTimeoutMs ?? 10_000,
      requestTimeout: options.requestTimeoutMs ?? 60_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: Math.min(5_000, options.headersTimeoutMs ?? 5_000),
      maxHeaderSize: 8_192,
      noDelay: true,
    },
    async (request, response) => {
      try {
        const route = parseRoute(request.method!, request.url!)
        if (route === undefined) throw nowhere(`${request.method} ${request.url!.slice(0, 120)}`)
        send(response, await api(route, request))
      } catch (error) {
        const reply = toErrorReply(error)
        if (reply.status >= 500) log.error({ err: error, path: request.url }, 'a request failed')
        // Whoever is still sending a body that nobody reads is cut off after the answer.
        if (!request.complete) response.shouldKeepAlive = false
        if (!response.headersSent && !response.destroyed) send(response, reply)
        if (!request.complete) response.once('finish', () => request.destroy())
      }
    },
  )
  server.maxConnections = options.maxConnections ?? 1_024
  const port = await listen(server, { host, port: options.port })
  return {
    port,
    async stop(graceMs = 5_000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const cut = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(cut)
    },
  }
}

const storeStatus: Readonly<Record<string, number>> = {
  store_full: 507,
  disk_full: 507,
  no_such_row: 404,
  row_differs: 409,
  damaged_row: 500,
  store_closed: 503,
}

/** Errors of Cairn are of the request, if they are not of the server or the store; whatever else is nobody's business. */
const toErrorReply = (error: unknown): ApiReply => {
  if (!(error instanceof BaseError)) {
    return errorReply(500, {
      code: 'internal',
      message: 'The operator failed.',
      fix: 'Ask another operator.',
    })
  }
  const status =
    error instanceof ServerError ? error.status : error instanceof StoreError ? storeStatus[error.code] : 400
  return errorReply(status ?? 500, {
    code: error.code,
    message: error.message.split('\n\n')[0]!,
    fix: error.fix,
  })
}

const errorReply = (status: number, body: object): ApiReply => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
})

const send = (response: ServerResponse, { status, body, headers }: ApiReply): void => {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const length = status === 204 ? {} : { 'content-length': String(bytes?.length ?? 0) }
  response.writeHead(status, { ...headers, ...length }).end(bytes)
}

const nowhere = (what: string): ServerError =>
  new ServerError({
    status: 404,
    code: 'no_such_path',
    message: `There is nothing for ${what}.`,
    fix: 'Use the requests of spec 10, "Orders and receipts".',
  })
