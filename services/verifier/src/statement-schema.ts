import { createRoute, z } from '@hono/zod-openapi'

/** Rows of one answer at most: half a megabyte. */
export const STATEMENT_ROWS_MOST = 1_000
/** With a signature fewer, for that is computed for who asks: some ten milliseconds. */
export const SIGNED_ROWS_MOST = 200

const whole = (name: string, least: number, most: number, description: string) =>
  z
    .string()
    .regex(/^\d{1,10}$/, `expected a whole number from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `expected a whole number from ${least} to ${most}`)
    .optional()
    .openapi({ param: { name, in: 'query' }, type: 'integer', minimum: least, maximum: most, description })

const query = z.object({
  first: whole(
    'first',
    0,
    0xffff_ffff,
    'Roots that reach this epoch or a later one; the oldest of them first.',
  ),
  last: whole('last', 0, 0xffff_ffff, 'Roots that begin in this epoch or an earlier one.'),
  limit: whole('limit', 1, STATEMENT_ROWS_MOST, 'Rows at most; without `first` the newest.'),
  signed: z
    .enum(['true', 'false'])
    .optional()
    .openapi({
      param: { name: 'signed', in: 'query' },
      description: `With the signature of this verifier; then at most ${SIGNED_ROWS_MOST} rows.`,
    }),
})

/** What is asked of a statement. */
export type StatementQuery = z.output<typeof query>

const amount = z
  .string()
  .regex(/^-?\d+$/)
  .openapi({ description: 'A whole number as decimal text.' })
const known = amount.nullable().openapi({ description: 'null where there is nothing to divide by.' })
const epoch = z.int().min(0).max(0xffff_ffff)

const row = z
  .object({
    first: epoch,
    last: epoch,
    emitted: amount,
    burned: amount,
    paid: amount,
    netIssuance: amount,
    spentCredits: amount,
    burnedCredits: amount,
    emittedCredits: known,
    revenueCoverBps: known,
    work: amount,
    creditsPerMillionWork: known,
    payerConcentrationBps: known,
    ownerConcentrationBps: known,
  })
  .openapi('StatementRow', { description: 'The epochs of one final root: specs/7-economics.md, Statement.' })

const statement = z
  .object({
    format: z.literal('cairn-statement'),
    version: z.literal(1),
    network: z.string(),
    chainId: z.int(),
    rows: z.array(row),
  })
  .openapi('Statement')

const signedStatement = z
  .object({ statement, signer: z.string(), signature: z.string() })
  .openapi('SignedStatement', { description: 'EIP-191 over `statement` as one line of JSON.' })

const problem = z.object({ code: z.string(), message: z.string(), fix: z.string() }).openapi('Problem')

const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** A network's statement over HTTP. */
export const statementRoute = createRoute({
  method: 'get',
  path: '/v1/statement',
  summary: "Dollars of demand burned against dollars of reward emitted, for each final root's epochs",
  request: { query },
  responses: {
    200: json(z.union([statement, signedStatement]), 'What `cairn statement --json` prints'),
    400: json(problem, 'A parameter is malformed'),
    503: json(problem, 'The history is not read yet'),
  },
})
