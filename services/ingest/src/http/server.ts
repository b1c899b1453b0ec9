import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { listen } from '@cairn/runtime'
import { getRequestListener } from '@hono/node-server'
import type { Source } from '../accept/source.ts'
import { createApp, type IngestView } from './app.ts'
import { createStreams } from './stream.ts'

/** A listening HTTP and WebSocket server. */
export interface IngestServer {
  readonly port: number
  /** Takes no more requests, answers those it has, then ends what is left after `graceMs`. */
  stop(graceMs?: number): Promise<void>
}

/** Opens the server. `view` gets its sources from here. */
export async function startServer(
  view: Omit<IngestView, 'sourceOf'>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<IngestServer> {
  const { limits } = view
  const sources = new WeakMap<object, Source>()
  const perAddress = new Map<string, number>()
  const sourceOf = (socket: object) => sources.get(socket) ?? { address: 'gone' }
  const shown: IngestView = { ...view, sourceOf }
  const streams = createStreams(shown)
  const app = createApp(shown)
  const server = createServer(
    {
      requestTimeout: limits.requestMs,
      headersTimeout: Math.min(limits.requestMs, 10_000),
      maxHeaderSize: 8_192,
    },
    getRequestListener(app.fetch, { overrideGlobalObjects: false }),
  )
  server.maxConnections = limits.connections
  server.setTimeout(2 * limits.requestMs)
  // Longer than devices pause between reports, or each report would cost a connection.
  server.keepAliveTimeout = 2 * limits.requestMs
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? 'unknown'
    const count = (perAddress.get(address) ?? 0) + 1
    if (count > limits.connectionsPerAddress) return void socket.destroy()
    perAddress.set(address, count)
    sources.set(socket, { address })
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      const left = (perAddress.get(address) ?? 1) - 1
      if (left > 0) perAddress.set(address, left)
      else perAddress.delete(address)
    })
  })
  const streamPath = `/v1/networks/${view.network}/stream`
  server.on('upgrade', (request, socket, head) => {
    const path = request.url?.split('?')[0]?.toLowerCase()
    if (path === streamPath) return streams.upgrade(request, socket, head)
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
  })
  return {
    port: await listen(server, { host, port }),
    async stop(graceMs = 5_000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const late = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, graceMs)
      await streams.stop()
      await closed
      clearTimeout(late)
    },
  }
}
