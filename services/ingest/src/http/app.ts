import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { OpenAPIHono } from '@hono/zod-openapi'
import { cors } from 'hono/cors'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Acceptor } from '../accept/acceptor.ts'
import type { Admission } from '../accept/admission.ts'
import type { Source } from '../accept/source.ts'
import { IngestError, type IngestErrorCode } from '../ingest-error.ts'
import type { IngestLimits } from '../limits.ts'
import type { Manifest } from '../seal/manifest.ts'
import { parseBatch, reportsMediaType } from './parse-batch.ts'
import { readBody } from './read-body.ts'
import { routes } from './routes.ts'
import { serializeAnswers } from './serialize-answers.ts'

/** What the HTTP interface shows of the ingest. */
export interface IngestView {
  readonly network: string
  readonly acceptor: Acceptor
  readonly admission: Admission
  readonly limits: IngestLimits
  sourceOf(socket: object): Source
  clock(): { nowMs: number; epoch: number; startMs: number; endMs: number; acceptsUntilMs: number }
  commitment(root: string): Manifest | undefined
  segment(id: string): Promise<Uint8Array | undefined>
  /** What keeps the ingest from taking reports; undefined when nothing does. */
  problem(): string | undefined
  metrics(): Promise<string>
  /** Called for errors that are the ingest's own. */
  onError(error: unknown): void
}

const statusOf: Record<IngestErrorCode, ContentfulStatusCode> = {
  malformed_body: 400,
  body_too_large: 413,
  body_timeout: 408,
  wrong_content_type: 415,
  unknown_network: 404,
  not_found: 404,
  not_published: 404,
  overloaded: 503,
  unavailable: 503,
}

/** The JSON that tells why a request was refused. */
export const toProblem = (error: IngestError) => ({
  code: error.code,
  message: error.message.split('\n\n')[0] ?? error.message,
  fix: error.fix,
})

/** The HTTP interface of an ingest, as described by {@link routes}. */
export function createApp(view: IngestView): OpenAPIHono<{ Bindings: HttpBindings }> {
  const app = new OpenAPIHono<{ Bindings: HttpBindings }>({
    defaultHook: (result) => {
      if (result.success) return
      throw new IngestError(
        'not_found',
        'The address has an id that is not hex of the right length.',
        'See /openapi.json.',
      )
    },
  })
  app.use('*', cors({ origin: '*', allowMethods: ['GET', 'HEAD'] }))
  app.onError((error, c) => {
    if (error instanceof IngestError) {
      if (error.code === 'overloaded') c.header('Retry-After', '1')
      if (error.code === 'body_too_large' || error.code === 'overloaded') c.header('Connection', 'close')
      return c.json(toProblem(error), statusOf[error.code])
    }
    view.onError(error)
    return c.json(
      {
        code: 'internal',
        message: 'The ingest failed to answer.',
        fix: 'Send the request again; tell the operator if it stays so.',
      },
      500,
    )
  })
  app.notFound((c) => c.json(toProblem(notFound(`There is nothing at ${c.req.path.slice(0, 200)}.`)), 404))
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Cairn ingest',
      version: '1',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
  })
  addReports(app, view)
  addReads(app, view)
  return app
}

function addReports(app: OpenAPIHono<{ Bindings: HttpBindings }>, view: IngestView): void {
  const { acceptor, admission, limits } = view
  app.openapi(routes.reports, async (c) => {
    requireNetwork(view, c.req.valid('param').network)
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
    if (type !== reportsMediaType) {
      throw new IngestError(
        'wrong_content_type',
        `The body is of type ${JSON.stringify(type ?? 'none')}; an ingest takes ${reportsMediaType}.`,
        `Set the header content-type: ${reportsMediaType}.`,
      )
    }
    const { incoming, outgoing } = c.env
    const source = view.sourceOf(incoming.socket)
    const { bytes, heldBytes } = await readBody(incoming, source, { admission, most: limits.bodyBytes })
    // Until the answer is sent: answers are larger than reports, and their reader may be slow.
    if (outgoing.destroyed) admission.release(source, heldBytes)
    else outgoing.once('close', () => admission.release(source, heldBytes))
    const results = await acceptor.accept(parseBatch(bytes, limits.bodyReports), source)
    // Straight to the socket: through a Response the bytes would be copied and streamed, and through the route's schema an answer would cost as much as checking a signature.
    const answer = serializeAnswers(results)
    const headers = { 'content-type': 'application/json', 'content-length': answer.length }
    outgoing.writeHead(200, headers).end(answer)
    return RESPONSE_ALREADY_SENT as never
  })
  app.openapi(routes.stream, (c) => {
    requireNetwork(view, c.req.valid('param').network)
    return c.json(
      {
        code: 'upgrade_required',
        message: 'The stream is a WebSocket.',
        fix: 'Open it with ws:// or wss://, or POST to /reports.',
      },
      426,
    )
  })
}

function addReads(app: OpenAPIHono<{ Bindings: HttpBindings }>, view: IngestView): void {
  app.openapi(routes.clock, (c) => {
    requireNetwork(view, c.req.valid('param').network)
    return c.json(view.clock(), 200)
  })
  app.openapi(routes.commitment, (c) => {
    const { network, evidenceRoot } = c.req.valid('param')
    requireNetwork(view, network)
    const manifest = view.commitment(evidenceRoot)
    if (manifest === undefined) throw notPublished(`commitment ${evidenceRoot}`)
    const { epoch, count, sizeBytes, segments } = manifest
    return c.json({ epoch, count, sizeBytes, segments: [...segments] }, 200)
  })
  app.openapi(routes.segment, async (c) => {
    const { network, segmentId } = c.req.valid('param')
    requireNetwork(view, network)
    const bytes = await view.segment(segmentId)
    if (bytes === undefined) throw notPublished(`segment ${segmentId}`)
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      'content-type': 'application/octet-stream',
      'cache-control': 'public, max-age=31536000, immutable',
    })
  })
  app.openapi(routes.health, (c) => {
    const problem = view.problem()
    const { epoch } = view.clock()
    const answer = { network: view.network, epoch }
    return problem === undefined
      ? c.json({ status: 'ok' as const, ...answer }, 200)
      : c.json({ status: 'failing' as const, ...answer, problem }, 503)
  })
  app.openapi(routes.metrics, async (c) => c.text(await view.metrics(), 200))
}

/** @throws IngestError (`unknown_network`) for a network that is not this ingest's */
export function requireNetwork({ network }: Pick<IngestView, 'network'>, asked: string): void {
  if (asked === network) return
  throw new IngestError(
    'unknown_network',
    `This ingest serves network ${network}, not ${asked}.`,
    'Use an ingest of that network; the chain lists them.',
  )
}

const notFound = (message: string): IngestError =>
  new IngestError('not_found', message, 'See /openapi.json for what there is.')

const notPublished = (what: string): IngestError =>
  new IngestError(
    'not_published',
    `There is no ${what} to be had here: it is not this ingest’s, not sealed long enough, or past its retention.`,
    'Ask again after the sealing window of its epoch, or ask another ingest or a verifier.',
  )
