import { z } from '@hono/zod-openapi'

const hex = (bytes: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`))
const u32 = z.int().min(0).max(0xffff_ffff)

/** Path parameters take hex in either case. */
const hexParam = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text.toLowerCase())

export const networkParam = z.object({
  network: hexParam(28).openapi({ param: { name: 'network', in: 'path' }, description: 'Network id' }),
})
export const commitmentParams = networkParam.extend({
  evidenceRoot: hexParam(32).openapi({ param: { name: 'evidenceRoot', in: 'path' } }),
})
export const segmentParams = networkParam.extend({
  segmentId: hexParam(32).openapi({ param: { name: 'segmentId', in: 'path' } }),
})

export const problem = z
  .object({ code: z.string(), message: z.string(), fix: z.string() })
  .openapi('Problem', { description: 'What happened, and what to do next.' })

export const clockAnswer = z
  .object({
    nowMs: z.int(),
    epoch: z.int().openapi({ description: 'The epoch open now; −1 before genesis.' }),
    startMs: z.int(),
    endMs: z.int(),
    acceptsUntilMs: z.int().openapi({ description: 'Until then this ingest takes reports of the epoch.' }),
  })
  .openapi('Clock')

export const commitmentAnswer = z
  .object({
    epoch: u32,
    count: u32,
    sizeBytes: z.int(),
    segments: z.array(hex(32)).openapi({ description: 'Segment ids, in the order of their reports.' }),
  })
  .openapi('Commitment')

const receipt = z
  .object({
    group: z.object({ network: hex(28), epoch: u32, first: u32, count: u32, batchRoot: hex(32) }),
    signature: hex(65),
    index: u32,
    path: z.array(hex(32)),
    recordHash: hex(32),
  })
  .openapi('Receipt', { description: 'specs/3-evidence.md' })

export const reportsAnswer = z
  .object({
    results: z.array(
      z.union([
        z.object({ status: z.literal('accepted'), receipt }),
        problem.extend({ status: z.literal('rejected') }),
      ]),
    ),
  })
  .openapi('Results', { description: 'One result for each report, in order.' })

export const healthAnswer = z
  .object({
    status: z.enum(['ok', 'failing']),
    network: hex(28),
    epoch: z.int(),
    problem: z.string().optional(),
  })
  .openapi('Health')
