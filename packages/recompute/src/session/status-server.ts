import { createServer } from 'node:http'
import type { Registry } from '@cairn/runtime'
import { listen } from '@cairn/runtime'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { cors } from 'hono/cors'

/** What a service says about itself. */
export interface Health {
  readonly status: 'ok' | 'failing'
  readonly [field: string]: unknown
}

/** A listening HTTP server. */
export interface StatusServer {
  readonly url: string
  readonly port: number
  stop(): Promise<void>
}

/** Serves /health, /metrics and whatever `routes` adds. Answers errors as JSON with code, message and fix. */
export async function startStatusServer(options: {
  readonly http: { readonly host: string; readonly port: number }
  readonly health: () => Health
  readonly registry: Registry
  readonly routes?: (app: Hono) => void
  readonly onError: (error: unknown) => void
}): Promise<StatusServer> {
  const { http, health, registry, onError } = options
  const app = new Hono()
  app.use('*', cors({ origin: '*' }))
  app.get('/health', (c) => {
    const answer = health()
    return c.json(answer, answer.status === 'ok' ? 200 : 503)
  })
  app.get('/metrics', async (c) => c.text(await registry.metrics()))
  options.routes?.(app)
  app.notFound((c) =>
    c.json(
      {
        code: 'not_found',
        message: 'There is nothing at this address.',
        fix: 'See specs/3-evidence.md for what is served.',
      },
      404,
    ),
  )
  app.onError((error, c) => {
    onError(error)
    return c.json(
      { code: 'internal', message: 'The service failed to answer.', fix: 'Send the request again.' },
      500,
    )
  })
  const limits = { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 8_192 }
  const server = createServer(limits, getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  server.maxConnections = 512
  const port = await listen(server, http)
  return {
    port,
    url: `http://${http.host}:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
