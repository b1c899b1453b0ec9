import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evidenceTree, parseNetworkId, type Receipt, toHex } from '@cairn/protocol'
import { createLogger } from '@cairn/runtime'
import fc from 'fast-check'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { createReceiptBook } from './receipt-book.ts'
import { receiptRoutes } from './receipt-routes.ts'

/** More of them: `npm run fuzz -- --runs 1000000`. */
const numRuns = Number(process.env.FUZZ_RUNS ?? 500)

const network = parseNetworkId(`0x${'5a'.repeat(28)}`)
const hashes = Uint8Array.from({ length: 64 }, (_, i) => i)
const tree = evidenceTree(hashes)
const whole: Receipt = {
  group: { network, epoch: 0, first: 0, count: 2, batchRoot: toHex(tree.root) },
  signature: `0x${'11'.repeat(65)}`,
  index: 0,
  path: tree.proof(0).map(toHex),
  recordHash: toHex(hashes.subarray(0, 32)),
}

/** A receipt with a field, or one of its group, replaced by any JSON value. */
const bent = fc
  .tuple(fc.constantFrom(...Object.keys(whole), ...Object.keys(whole.group)), fc.jsonValue())
  .map(([name, value]) =>
    name in whole.group
      ? { ...whole, group: { ...whole.group, [name]: value } }
      : { ...whole, [name]: value },
  )

test('error: any body gets an answer that names what was refused, and nothing that does not hold is kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-receipts-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const book = createReceiptBook({
    folder,
    network,
    recover: async ({ signature }) => {
      if (signature !== whole.signature) throw new Error('no signature')
      return `0x${'22'.repeat(20)}`
    },
    isBonded: () => true,
    isCurrent: (epoch) => epoch === 0,
    mostPerEpoch: 100,
    log: createLogger({ name: 'test', level: 'silent' }),
  })
  const app = new Hono()
  receiptRoutes(network, book, () => true)(app)
  const body = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.json({ maxDepth: 4 }),
    fc
      .array(fc.oneof(bent, fc.jsonValue()), { maxLength: 4 })
      .map((receipts) => JSON.stringify({ receipts })),
  )
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const answer = await app.request(`/v1/networks/${network}/receipts`, { method: 'POST', body: text })
      expect([200, 400]).toContain(answer.status)
      const { refused, fix } = (await answer.json()) as { refused?: { code: string }[]; fix?: string }
      if (answer.status === 400) expect(fix).toEqual(expect.any(String))
      else for (const { code } of refused!) expect(code).toMatch(/^[a-z_]+$/)
    }),
    { numRuns },
  )
  for (const { receipts } of book.all) for (const receipt of receipts) expect(receipt).toEqual(whole)
}, 600_000)
