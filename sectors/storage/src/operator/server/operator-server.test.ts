import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equalBytes, parseNetworkId } from '@cairn/protocol'
import { createVerifyP256, deviceSigner, manualClock, sha256 } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sortBundleRows } from '../../bundle/bundle-list.ts'
import { createOperatorClient, type OperatorClient } from '../../operator-client/create-operator-client.ts'
import { createOrderSource } from '../../operator-client/create-order-source.ts'
import { patterned } from '../../patterned.fixture.ts'
import { derivePiece } from '../../piece/piece-hasher.ts'
import { type AgreedBundle, signBundle } from '../../wire/bundle-agreement.ts'
import { testCustomer } from '../../wire/customer.fixture.ts'
import { encodeDescriptor } from '../../wire/slab-descriptor.ts'
import type { RowStore } from '../store/open-row-store.ts'
import type { Accounts } from './open-accounts.ts'
import { startTestOperator, type TestOperator } from './test-operator.fixture.ts'
import { createTokenBucket } from './token-bucket.ts'

const network = parseNetworkId(`0x${'0d'.repeat(28)}`)
const context = { chainId: 31_337, verifyingContract: `0x${'c0'.repeat(20)}`, network } as const
const device = deviceSigner(new Uint8Array(32).fill(7))
const customer = testCustomer()
const stranger = testCustomer(0x22)
const repairer = testCustomer(0x33)
const nowSeconds = 1_800_000_000

let folder: string
let store: RowStore
let accounts: Accounts
let operator: TestOperator
let clients: OperatorClient[]
let submitted: AgreedBundle[]
let isEnding: boolean

const start = async () => {
  const terms = { payer: customer.address, egressPrice: 2n ** 40n }
  operator = await startTestOperator({
    ...context,
    folder,
    device: 4,
    signer: device,
    chain: {
      findRail: async (address) =>
        address === customer.address ? { rail: 9n, isEnding, ...terms } : undefined,
      findRepair: async (reader) => (reader === repairer.address ? { ...terms, payer: reader } : undefined),
      verifyVoucher: async ({ program }) => (program === 0 ? undefined : 'It is for another program.'),
      signMeter: async (voucher) => ({ ...voucher, signature: '0xbb' }),
      verifyBundle: async ({ list }) => (list.piece === 0 ? undefined : 'The next piece is 0.'),
      submitBundle: (bundle) => void submitted.push(bundle),
    },
    nowSeconds: () => nowSeconds,
    allowanceBytes: 1_000,
  })
  ;({ store, accounts } = operator)
}
const stop = async () => {
  for (const client of clients.splice(0)) client.close()
  await operator.stop()
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-operator-'))
  clients = []
  submitted = []
  isEnding = false
  await start()
})
afterEach(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

const clientOf = ({ address, sign }: typeof customer, maxBytes = 1_000_000, serial?: number) => {
  let serials = 0
  const client = createOperatorClient({
    url: operator.url,
    network,
    device: 4,
    key: device.key,
    verifyP256: createVerifyP256(),
    sha256,
    orders: createOrderSource({
      context,
      customer: address,
      device: 4,
      sign,
      maxBytes,
      seconds: 3_600,
      nowSeconds: () => nowSeconds,
      random: (length) => patterned(length, serial ?? 1_000 * clients.length + ++serials),
    }),
  })
  clients.push(client)
  return client
}

const slabOf = (seed: number, sizeBytes = 500, owner = customer) => {
  const bytes = patterned(sizeBytes, seed)
  const { root, height } = derivePiece(bytes)
  const descriptor = encodeDescriptor({
    kind: 'content',
    customer: owner.address,
    sequence: 0n,
    sizeBytes,
    dataRows: 1,
    rows: 2,
    roots: [root, root],
  })
  return { upload: { slab: sha256(descriptor), row: 0, descriptor, bytes }, root, height }
}

test('default: a customer puts a row, reads it whole and by range, lists, and deletes it', async () => {
  const client = clientOf(customer)
  const { upload } = slabOf(1)
  const receipt = await client.putRow(upload)
  expect(receipt.keptUntil).toBe(nowSeconds + 1_000)
  const range = { slab: upload.slab, row: 0, rowBytes: 500 }
  expect(equalBytes(await client.fetchRow(range), upload.bytes)).toBe(true)
  expect(
    equalBytes(await client.fetchRow({ ...range, from: 10, to: 20 }), upload.bytes.subarray(10, 20)),
  ).toBe(true)
  expect((await client.fetchSlab(upload.slab)).rows).toEqual([0])
  expect(await client.listSlabs({ kind: 'content' })).toMatchObject([{ row: 0, sizeBytes: 500 }])
  expect(await client.fetchInfo()).toMatchObject({ network, device: 4, slabBytes: 500 })
  await client.deleteRow(upload.slab, 0)
  expect(await client.listSlabs({ kind: 'content' })).toEqual([])
})

test('behavior: through the notice of a rail rows are read and deleted, and none is taken', async () => {
  const client = clientOf(customer)
  const { upload, root, height } = slabOf(1)
  await client.putRow(upload)
  isEnding = true
  await expect(client.putRow(slabOf(2).upload)).rejects.toMatchObject({ status: 402, code: 'rail_ended' })
  const rows = sortBundleRows([{ slab: upload.slab, row: 0, height, root }])
  const bundle = await signBundle(customer.sign, context, { rail: 9n, piece: 0, rows })
  await expect(client.submitBundle(bundle)).rejects.toMatchObject({ code: 'rail_ended' })
  const range = { slab: upload.slab, row: 0, rowBytes: 500 }
  expect(equalBytes(await client.fetchRow(range), upload.bytes)).toBe(true)
  expect(await client.listSlabs({ kind: 'content' })).toHaveLength(1)
  await client.deleteRow(upload.slab, 0)
})

test('behavior: rows outlive a restart of the operator', async () => {
  const { upload } = slabOf(1)
  await clientOf(customer).putRow(upload)
  await stop()
  await start()
  const bytes = await clientOf(customer).fetchRow({ slab: upload.slab, row: 0, rowBytes: 500 })
  expect(equalBytes(bytes, upload.bytes)).toBe(true)
})

test('behavior: more than the allowance waits for a voucher, which is answered by a meter', async () => {
  const client = clientOf(customer)
  const { upload } = slabOf(1)
  await client.putRow(upload)
  const range = { slab: upload.slab, row: 0, rowBytes: 500 }
  await client.fetchRow(range)
  await client.fetchRow(range)
  await expect(client.fetchRow(range)).rejects.toMatchObject({ code: 'payment_due', status: 402 })
  const voucher = {
    network,
    payer: customer.address,
    seller: stranger.address,
    program: 0,
    sum: 1_000n,
    expiresAt: 2_000_000_000n,
    signature: '0xaa',
  } as const
  await expect(client.exchangeVoucher({ ...voucher, program: 1 })).rejects.toMatchObject({
    code: 'voucher_refused',
  })
  expect(await client.exchangeVoucher(voucher)).toEqual({ ...voucher, signature: '0xbb' })
  await client.fetchRow(range)
  expect(accounts.vouchers()).toEqual([voucher])
})

test('behavior: what an order used is not forgotten by a restart', async () => {
  const { upload } = slabOf(1)
  await clientOf(customer, 1_200, 77).putRow(upload)
  await stop()
  await start()
  const again = clientOf(customer, 1_200, 77)
  await again.putRow(upload)
  const order = { slab: upload.slab, row: 0, rowBytes: 500 }
  await expect(clientOf(customer, 1_200, 77).fetchRow(order)).rejects.toMatchObject({ code: 'order_used_up' })
})

test('behavior: an agreed bundle keeps its rows and goes to the chain; another is refused', async () => {
  const client = clientOf(customer)
  const { upload, root, height } = slabOf(1)
  await client.putRow(upload)
  const rows = sortBundleRows([{ slab: upload.slab, row: 0, height, root }])
  const agree = (rail: bigint, piece: number) => signBundle(customer.sign, context, { rail, piece, rows })
  await client.submitBundle(await agree(9n, 0))
  expect([submitted.length, store.bundles()]).toEqual([1, [{ rail: 9n, piece: 0 }]])
  await expect(agree(9n, 1).then(client.submitBundle)).rejects.toMatchObject({
    code: 'bundle_refused',
    status: 409,
  })
  await expect(agree(8n, 0).then(client.submitBundle)).rejects.toMatchObject({ code: 'not_yours' })
})

test('error: strangers, rows of others, rows that are not what they say', async () => {
  const { upload } = slabOf(1)
  await clientOf(customer).putRow(upload)
  const range = { slab: upload.slab, row: 0, rowBytes: 500 }
  const other = clientOf(stranger)
  await expect(other.putRow(slabOf(2, 500, stranger).upload)).rejects.toMatchObject({
    code: 'no_rail',
    status: 402,
  })
  await expect(other.fetchRow(range)).rejects.toMatchObject({ code: 'not_yours', status: 403 })
  await expect(other.deleteRow(upload.slab, 0)).rejects.toMatchObject({ code: 'not_yours' })
  expect((await clientOf(repairer).fetchRow(range)).length).toBe(500)
  const listing = { kind: 'content', customer: customer.address } as const
  expect(await clientOf(repairer).listSlabs(listing)).toHaveLength(1)
  await expect(clientOf(stranger).listSlabs(listing)).rejects.toMatchObject({ code: 'not_yours' })
  const client = clientOf(customer)
  await expect(client.putRow(slabOf(3, 500, stranger).upload)).rejects.toMatchObject({ code: 'not_yours' })
  await expect(client.putRow({ ...upload, bytes: patterned(500, 9) })).rejects.toMatchObject({
    code: 'wrong_row',
  })
  await expect(client.putRow({ ...upload, row: 2 })).rejects.toMatchObject({ code: 'wrong_row' })
  await expect(client.putRow({ ...upload, slab: patterned(32) })).rejects.toMatchObject({ code: 'wrong_row' })
  await expect(client.fetchRow({ ...range, row: 1 })).rejects.toMatchObject({
    code: 'no_such_row',
    status: 404,
  })
  await expect(client.fetchRow({ ...range, from: 600, to: 700 })).rejects.toMatchObject({ status: 416 })
})

test('error: requests without an order, of another form, too long, or that never end', async () => {
  const url = operator.url
  const path = `${url}/slabs/${'00'.repeat(32)}/0`
  expect((await fetch(path)).status).toBe(400)
  expect((await fetch(`${url}/nothing`)).status).toBe(404)
  expect((await fetch(`${url}/slabs?kind=9`)).status).toBe(404)
  const slow = connect(Number(new URL(operator.url).port), '127.0.0.1')
  slow.write('GET / HTTP/1.1\r\n')
  const closed = new Promise((resolve) => slow.once('close', resolve))
  slow.resume()
  await closed
})

test('behavior: a bucket lets a second of bytes pass, and more when they are due', async () => {
  const clock = manualClock(10_000)
  const bucket = createTokenBucket(1_000, clock)
  await bucket.take(1_000)
  let isThrough = false
  const waiting = bucket.take(500).then(() => {
    isThrough = true
  })
  clock.advance(499)
  await Promise.resolve()
  expect(isThrough).toBe(false)
  clock.advance(1)
  await waiting
  expect(isThrough).toBe(true)
})
