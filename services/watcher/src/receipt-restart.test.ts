import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evidenceTree, parseNetworkId, type Receipt, toHex } from '@cairn/protocol'
import { createLogger } from '@cairn/runtime'
import { Hono } from 'hono'
import { expect, onTestFinished, test } from 'vitest'
import { createReceiptBook } from './receipt-book.ts'
import { receiptRoutes } from './receipt-routes.ts'

const network = parseNetworkId(`0x${'5a'.repeat(28)}`)
const hashes = Uint8Array.from({ length: 96 }, (_, i) => i)
const tree = evidenceTree(hashes)
const receipts = [0, 1, 2].map(
  (index): Receipt => ({
    group: { network, epoch: 0, first: 0, count: 3, batchRoot: toHex(tree.root) },
    signature: `0x${'11'.repeat(65)}`,
    index,
    path: tree.proof(index).map(toHex),
    recordHash: toHex(hashes.subarray(32 * index, 32 * index + 32)),
  }),
)

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-receipts-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

const openBook = (folder: string) =>
  createReceiptBook({
    folder,
    network,
    recover: async () => `0x${'22'.repeat(20)}`,
    isBonded: () => true,
    isCurrent: () => true,
    mostPerEpoch: 100,
    log: createLogger({ name: 'test', level: 'silent' }),
  })

test('behavior: a line torn by a crash costs that receipt and not the next one', async () => {
  const folder = await temporaryFolder()
  await openBook(folder).add([receipts[0]])
  await appendFile(join(folder, '0.ndjson'), JSON.stringify(receipts[1]).slice(0, 50))
  const second = openBook(folder)
  await second.load()
  expect(second.count).toBe(1)
  await second.add([receipts[2]])
  const third = openBook(folder)
  await third.load()
  expect([...third.all].flatMap((page) => page.receipts)).toEqual([receipts[0], receipts[2]])
})

test('error: before the chain is read receipts are to be sent again, not refused', async () => {
  const app = new Hono()
  let isReady = false
  receiptRoutes(network, openBook(await temporaryFolder()), () => isReady)(app)
  const post = () =>
    app.request(`/v1/networks/${network}/receipts`, { method: 'POST', body: JSON.stringify({ receipts }) })
  const early = await post()
  expect([early.status, ((await early.json()) as { code: string }).code]).toEqual([503, 'starting'])
  isReady = true
  expect(await (await post()).json()).toEqual({ taken: 3, refused: [] })
})
