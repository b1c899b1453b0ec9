import { createRoute, z } from '@hono/zod-openapi'
import { reportsMediaType } from './parse-batch.ts'
import {
  clockAnswer,
  commitmentAnswer,
  commitmentParams,
  healthAnswer,
  networkParam,
  problem,
  reportsAnswer,
  segmentParams,
} from './schemas.ts'

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})
const refusal = (description: string) => json(problem, description)
const octets = z.string().openapi({ type: 'string', format: 'binary' })

/** The HTTP interface of an ingest (spec 3). The stream is a WebSocket, which OpenAPI can not describe beyond its path. */
export const routes = {
  reports: createRoute({
    method: 'post',
    path: '/v1/networks/{network}/reports',
    summary: 'Hand in signed reports',
    description:
      'The body is `(length u32 big-endian ‖ report bytes)` for each report. The answer comes when every accepted report is durable. The same report again gets the receipt it got before.',
    request: {
      params: networkParam,
      body: { required: true, content: { [reportsMediaType]: { schema: octets } } },
    },
    responses: {
      200: json(reportsAnswer, 'A receipt or a rejection for each report, in order'),
      400: refusal('The body is not a list of reports'),
      404: refusal('Another network'),
      408: refusal('The body did not arrive whole in time'),
      413: refusal('The body is too large'),
      415: refusal('Another media type'),
      503: refusal('Overloaded, or chain or log can not be reached'),
    },
  }),
  stream: createRoute({
    method: 'get',
    path: '/v1/networks/{network}/stream',
    summary: 'Hand in signed reports over a WebSocket',
    description:
      'Binary frames: a request id u32, then a body as of POST /reports. Each is answered, in order, by a binary frame: the id, then the JSON that POST would answer, or a Problem.',
    request: { params: networkParam },
    responses: { 101: { description: 'A WebSocket' }, 426: refusal('Not an upgrade to a WebSocket') },
  }),
  clock: createRoute({
    method: 'get',
    path: '/v1/networks/{network}/clock',
    summary: 'The epoch open now',
    request: { params: networkParam },
    responses: { 200: json(clockAnswer, 'Times are Unix times in ms'), 404: refusal('Another network') },
  }),
  commitment: createRoute({
    method: 'get',
    path: '/v1/networks/{network}/commitments/{evidenceRoot}',
    summary: 'The segments of a commitment, once its sealing is over',
    request: { params: commitmentParams },
    responses: { 200: json(commitmentAnswer, 'The commitment'), 404: refusal('Not there, or not yet') },
  }),
  segment: createRoute({
    method: 'get',
    path: '/v1/networks/{network}/segments/{segmentId}',
    summary: 'The reports of a segment, once its sealing is over',
    request: { params: segmentParams },
    responses: {
      200: {
        description: '`(length u32 ‖ report bytes)` for each report; the id says which bytes are right',
        content: { 'application/octet-stream': { schema: octets } },
      },
      404: refusal('Not there, or not yet'),
    },
  }),
  health: createRoute({
    method: 'get',
    path: '/health',
    summary: 'Whether reports are taken',
    responses: { 200: json(healthAnswer, 'They are'), 503: json(healthAnswer, 'They are not') },
  }),
  metrics: createRoute({
    method: 'get',
    path: '/metrics',
    summary: 'Metrics in the text format of Prometheus',
    responses: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
  }),
} as const
