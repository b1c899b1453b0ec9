import { createServer } from 'node:http'
import { listen } from '@cairn/runtime'
import { closeServer } from '../http/close-server.ts'
import { handleIpfsRequest, type PublicBlocks } from './handle-ipfs-request.ts'

/** What the gateway of public data serves, and where. */
export interface IpfsGatewayOptions {
  readonly blocks: PublicBlocks
  readonly host: string
  /** 0 takes any. */
  readonly port: number
  readonly onError: (error: unknown) => void
}

/** A gateway that listens. */
export interface IpfsGateway {
  readonly url: string
  /** Waits for requests under way, at most ten seconds. */
  stop(): Promise<void>
}

/** Anybody may ask, so what asking costs is bounded: what stands still for half a minute is ended, and what takes an hour. */
const limits = {
  headersMs: 15_000,
  idleMs: 30_000,
  wholeMs: 60 * 60_000,
  stopMs: 10_000,
  headerBytes: 16 * 1024,
  connections: 1024,
  /** Each holds some megabytes. */
  requests: 64,
}

/**
 * Serves public data as an IPFS trustless gateway. A listener of its own: what is open to everybody shares neither address nor names nor code of requests with S3.
 */
export async function startIpfsGateway({
  blocks,
  host,
  port,
  onError,
}: IpfsGatewayOptions): Promise<IpfsGateway> {
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.headersMs,
  })
  let running = 0
  server.on('request', (request, response) => {
    if (running >= limits.requests) {
      response.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain', connection: 'close' })
      return void response.end('This gateway answers as many requests as it can. Try again in a second.\n')
    }
    running += 1
    const timer = setTimeout(() => response.destroy(), limits.wholeMs)
    handleIpfsRequest(blocks, request, response, onError)
      .catch((error) => {
        onError(error)
        response.destroy()
      })
      .finally(() => {
        clearTimeout(timer)
        running -= 1
      })
  })
  server.setTimeout(limits.idleMs)
  server.maxConnections = limits.connections
  const given = await listen(server, { host, port })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${given}`,
    stop: () => closeServer(server, limits.stopMs),
  }
}
