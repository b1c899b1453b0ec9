import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evidenceTree, type Hex, type Receipt, toHex } from '@cairn/protocol'
import { createLogger } from '@cairn/runtime'
import { TEST_NETWORK } from '@cairn/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createReceiptBook, type ReceiptBookOptions } from './receipt-book.ts'

const log = createLogger({ name: 'test', level: 'silent' })
const INGEST: Hex = `0x${'1a'.repeat(20)}`
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-receipts-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** In these tests a signature is the signer's address and zeros. */
const bookOf = (options: Partial<ReceiptBookOptions> = {}) =>
  createReceiptBook({
    folder,
    network: TEST_NETWORK,
    recover: async ({ signature }) => {
      if (signature.startsWith('0xff')) throw new Error('no point of the curve')
      return signature.slice(0, 42) as Hex
    },
    isBonded: (ingest) => ingest === INGEST,
    isCurrent: (epoch) => epoch < 10,
    mostPerEpoch: 100,
    log,
    ...options,
  })

const receiptsOf = (epoch: number, first: number, count: number, seed = 0): Receipt[] => {
  const records = new Uint8Array(32 * count).map((_, i) => (i + seed) % 251)
  const tree = evidenceTree(records)
  const group = { network: TEST_NETWORK, epoch, first, count, batchRoot: toHex(tree.root) }
  return Array.from({ length: count }, (_, i) => ({
    group,
    signature: `${INGEST}${'00'.repeat(45)}` as Hex,
    index: first + i,
    path: tree.proof(i).map(toHex),
    recordHash: toHex(records.slice(32 * i, 32 * i + 32)),
  }))
}

describe('receipt book', () => {
  it('default: keeps what holds, by ingest and epoch, over a restart', async () => {
    const book = bookOf()
    expect(await book.add([...receiptsOf(1, 0, 3), ...receiptsOf(2, 0, 2)])).toEqual({
      taken: 5,
      refused: [],
    })
    await appendFile(join(folder, '2.ndjson'), '{"torn')
    const again = bookOf()
    await again.load()
    expect([...again.all].map(({ epoch, ingest, receipts }) => [epoch, ingest, receipts.length])).toEqual([
      [1, INGEST, 3],
      [2, INGEST, 2],
    ])
    expect(again.count).toBe(5)
  })

  it('behavior: the same receipt again is taken and not kept twice', async () => {
    const book = bookOf({ mostPerEpoch: 3 })
    const receipts = receiptsOf(1, 0, 3)
    await book.add(receipts)
    expect(await book.add(receipts)).toEqual({ taken: 3, refused: [] })
    expect(book.count).toBe(3)
  })

  it('behavior: notices group commits that overlap and differ, and only those', async () => {
    const book = bookOf()
    await book.add([...receiptsOf(1, 0, 4), ...receiptsOf(1, 4, 2), ...receiptsOf(2, 3, 2, 7)])
    expect([...book.all].every(({ contradiction }) => contradiction === undefined)).toBe(true)
    await book.add(receiptsOf(1, 3, 2, 7).slice(0, 1))
    const [first] = book.all
    expect(first!.contradiction?.map(({ group }) => [group.first, group.count])).toEqual([
      [0, 4],
      [3, 2],
    ])
  })

  it('behavior: forgets old epochs, on disk too', async () => {
    const book = bookOf()
    await book.add([...receiptsOf(1, 0, 2), ...receiptsOf(4, 0, 1)])
    await book.prune(3)
    expect(book.count).toBe(1)
    expect(await readdir(folder)).toEqual(['4.ndjson'])
  })

  it.each([
    ['malformed_receipt', (receipt: Receipt) => ({ ...receipt, index: -1 })],
    ['wrong_epoch', (receipt: Receipt) => ({ ...receipt, group: { ...receipt.group, epoch: 10 } })],
    [
      'wrong_network',
      (receipt: Receipt) => ({ ...receipt, group: { ...receipt.group, network: `0x${'00'.repeat(28)}` } }),
    ],
    ['broken_path', (receipt: Receipt) => ({ ...receipt, recordHash: `0x${'00'.repeat(32)}` })],
    ['bad_signature', (receipt: Receipt) => ({ ...receipt, signature: `0x${'ff'.repeat(65)}` })],
    ['not_bonded', (receipt: Receipt) => ({ ...receipt, signature: `0x${'22'.repeat(65)}` })],
  ])('error: %s', async (code, spoil) => {
    const [receipt] = receiptsOf(1, 0, 2)
    const { taken, refused } = await bookOf().add([spoil(receipt!)])
    expect([taken, refused[0]?.code]).toEqual([0, code])
  })

  it('error: an epoch has only so many', async () => {
    const { taken, refused } = await bookOf({ mostPerEpoch: 2 }).add(receiptsOf(1, 0, 4))
    expect([taken, refused.map(({ code }) => code)]).toEqual([2, ['epoch_full', 'epoch_full']])
  })
})
