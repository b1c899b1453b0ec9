import type { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { ReceiptBook } from './receipt-book.ts'

const MOST_BYTES = 4 << 20
const MOST_RECEIPTS = 1_024
/** Checking signatures takes a processor: more at once would keep disputes waiting. */
const MOST_REQUESTS = 4

/** `POST /v1/networks/{network}/receipts` with `{"receipts":[…]}`: agents give receipts, so that a broken promise of an ingest finds its prover. */
export function receiptRoutes(
  network: string,
  book: Pick<ReceiptBook, 'add'>,
  isReady: () => boolean,
): (app: Hono) => void {
  let running = 0
  return (app) => {
    app.post(
      '/v1/networks/:network/receipts',
      bodyLimit({
        maxSize: MOST_BYTES,
        onError: (c) => c.json(problem('body_too_large', `A body has at most ${MOST_BYTES} bytes.`), 413),
      }),
      async (c) => {
        if (c.req.param('network').toLowerCase() !== network)
          return c.json(problem('unknown_network', `This watcher is for network ${network}.`), 404)
        if (!isReady()) {
          // Before the chain is read, every receipt would seem to be of no epoch and of nobody with a bond.
          c.header('Retry-After', '1')
          return c.json(problem('starting', 'The watcher has not read the chain yet.'), 503)
        }
        if (running >= MOST_REQUESTS) {
          c.header('Retry-After', '1')
          return c.json(problem('overloaded', 'The watcher is checking other receipts.'), 503)
        }
        running += 1
        try {
          const receipts = receiptsOf(await c.req.json().catch(() => undefined))
          if (receipts === undefined) {
            return c.json(
              problem(
                'malformed_body',
                `The body is not {"receipts":[…]} with at most ${MOST_RECEIPTS} of them.`,
              ),
              400,
            )
          }
          return c.json(await book.add(receipts))
        } finally {
          running -= 1
        }
      },
    )
  }
}

function receiptsOf(body: unknown): readonly unknown[] | undefined {
  if (typeof body !== 'object' || body === null || !('receipts' in body)) return undefined
  const { receipts } = body
  return Array.isArray(receipts) && receipts.length <= MOST_RECEIPTS ? receipts : undefined
}

function problem(code: string, message: string): { code: string; message: string; fix: string } {
  return { code, message, fix: 'See docs/reference for what a watcher takes.' }
}
