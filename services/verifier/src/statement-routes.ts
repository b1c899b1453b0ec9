import type { RangeStatement } from '@cairn/economics'
import {
  type NetworkSession,
  type SignedStatement,
  type StatementBook,
  type StatementDocument,
  signStatement,
  statementText,
} from '@cairn/recompute'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import type { LocalAccount } from 'viem'
import {
  SIGNED_ROWS_MOST,
  STATEMENT_ROWS_MOST,
  type StatementQuery,
  statementRoute,
} from './statement-schema.ts'

/** Signed answers that are kept: the same question again costs nothing. */
const SIGNED_KEPT = 64

/** Serves the network's statement, whole or a part, signed where asked. Rows were derived before anybody asks. */
export function statementRoutes(
  { network, deployment }: Pick<NetworkSession, 'network' | 'deployment'>,
  { book, account }: { readonly book: StatementBook; readonly account: LocalAccount },
): (app: Hono) => void {
  const signed = new Map<string, Promise<SignedStatement>>()
  const sign = (document: StatementDocument): Promise<SignedStatement> => {
    const { rows } = document
    // A row of a final root changes only with a reorg, and then so do the sums in it.
    const key = rows.map(({ first, spentCredits, work }) => `${first}/${spentCredits}/${work}`).join()
    const known = signed.get(key) ?? signStatement(account, document)
    signed.delete(key)
    signed.set(key, known)
    while (signed.size > SIGNED_KEPT) signed.delete(signed.keys().next().value!)
    return known
  }
  return (app) => {
    const api = new OpenAPIHono({
      defaultHook: (result, c) => (result.success ? undefined : c.json(malformed(result.error.issues), 400)),
    })
    api.openapi(statementRoute, async (c) => {
      const query = c.req.valid('query')
      const { rows } = book
      if (rows === undefined) {
        c.header('Retry-After', '5')
        return c.json(notRead, 503)
      }
      const document: StatementDocument = {
        format: 'cairn-statement',
        version: 1,
        network,
        chainId: deployment.chainId,
        rows: partOf(rows, query),
      }
      const body = query.signed === 'true' ? JSON.stringify(await sign(document)) : statementText(document)
      // The type of the answer is that of the route, and the text is what is signed.
      return c.body(body, 200, { 'content-type': 'application/json' }) as never
    })
    api.doc31('/openapi.json', {
      openapi: '3.1.0',
      info: {
        title: 'Cairn verifier',
        version: '1',
        license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      },
    })
    app.route('/', api)
  }
}

/** From `first` on the oldest rows, without it the newest. */
function partOf(rows: readonly RangeStatement[], { first, last, limit, signed }: StatementQuery) {
  const most = Math.min(
    limit ?? STATEMENT_ROWS_MOST,
    signed === 'true' ? SIGNED_ROWS_MOST : STATEMENT_ROWS_MOST,
  )
  const asked = rows.filter(
    (row) => (first === undefined || row.last >= first) && (last === undefined || row.first <= last),
  )
  return first === undefined ? asked.slice(-most) : asked.slice(0, most)
}

const notRead = {
  code: 'history_not_read',
  message: 'This verifier has not yet read the history of its network, or not yet settled its final roots.',
  fix: 'Ask again in a few seconds; /health says whether it gets on.',
}

function malformed(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]) {
  const field = String(issues[0]?.path[0] ?? 'query')
  return {
    code: 'malformed_query',
    message: `The query parameter "${field}" is not as it has to be: ${issues[0]?.message ?? 'malformed'}.`,
    fix: 'See /openapi.json.',
  }
}
