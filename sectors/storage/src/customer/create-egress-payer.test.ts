import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseNetworkId } from '@cairn/protocol'
import { createVerifyP256, deviceSigner, sha256 } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestOperator, type TestOperator } from '../operator/server/test-operator.fixture.ts'
import { createOperatorClient, type OperatorClient } from '../operator-client/create-operator-client.ts'
import { createOrderSource } from '../operator-client/create-order-source.ts'
import { derivePiece } from '../piece/piece-hasher.ts'
import { clientRows } from '../slab/client-rows.ts'
import { testCustomer } from '../wire/customer.fixture.ts'
import { encodeDescriptor } from '../wire/slab-descriptor.ts'
import { createEgressPayer } from './create-egress-payer.ts'
import type { ReachedRail } from './create-operator-directory.ts'
import { type EgressBook, openEgressBook } from './open-egress-book.ts'

const network = parseNetworkId(`0x${'0d'.repeat(28)}`)
const context = { chainId: 31_337, verifyingContract: `0x${'c0'.repeat(20)}`, network } as const
const customer = testCustomer()
const payer = `0x${'11'.repeat(20)}` as const
const seller = `0x${'22'.repeat(20)}` as const
/** A credit for a byte. */
const egressPrice = 2n ** 40n
const allowanceBytes = 100_000
const signal = new AbortController().signal
const bytes = new Uint8Array(randomBytes(60_000))

let folder: string
let server: TestOperator
let client: OperatorClient
let book: EgressBook
let isSigner: boolean
let redeemed: bigint

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-egress-'))
  isSigner = true
  redeemed = 0n
  const signer = deviceSigner(new Uint8Array(32).fill(5))
  server = await startTestOperator({
    ...context,
    folder: join(folder, 'operator'),
    device: 3,
    signer,
    chain: {
      findRail: async () => ({ rail: 0n, payer, egressPrice }),
      findRepair: async () => undefined,
      verifyVoucher: async (voucher) => (voucher.seller === seller ? undefined : 'another seller'),
      signMeter: async (voucher) => voucher,
      verifyBundle: async () => undefined,
      submitBundle: () => undefined,
    },
    nowSeconds: () => Math.floor(Date.now() / 1_000),
    allowanceBytes,
  })
  client = createOperatorClient({
    ...{ url: server.url, network, device: 3, key: signer.key, sha256 },
    verifyP256: createVerifyP256(),
    orders: createOrderSource({
      ...{ context, customer: customer.address, device: 3, sign: customer.sign },
      ...{ maxBytes: 2 ** 30, seconds: 3_600, random: randomBytes },
      nowSeconds: () => Math.floor(Date.now() / 1_000),
    }),
  })
  book = openEgressBook(join(folder, 'book'))
})
afterEach(async () => {
  client.close()
  book.close()
  await server.stop()
  await rm(folder, { recursive: true })
})

/** The rows of the operator, paid for, and one of them there. */
async function paid() {
  const { paidRows } = createEgressPayer({
    chain: {
      ...{ context, customer: customer.address },
      readVoucherProgram: async () => 0,
      isVoucherSigner: async () => isSigner,
      readRedeemed: async () => redeemed,
      signVoucher: async (voucher) => ({ ...voucher, signature: '0x01' }),
    },
    book,
    nowMs: Date.now,
    onError: () => undefined,
  })
  const { root } = derivePiece(bytes)
  const sizes = { sizeBytes: bytes.length, dataRows: 1, rows: 2, roots: [root, root] }
  const descriptor = encodeDescriptor({ kind: 'content', customer: customer.address, sequence: 0n, ...sizes })
  const id = sha256(descriptor)
  const rail = { rail: 0n, device: 3, payer, owner: seller, egressPrice }
  const rows = paidRows({ rail, client } as unknown as ReachedRail, clientRows(client))
  await rows.put({ id, descriptor }, 0, bytes, signal)
  return () => rows.get(id, 0, { start: 0, end: bytes.length }, signal)
}

test('default: who reads more than is allowed without pay acknowledges it, and reads on', async () => {
  const read = await paid()
  for (let i = 0; i < 4; i++) expect(Buffer.from(await read()).equals(bytes)).toBe(true)
  const [account] = server.accounts.accounts()
  expect(account).toMatchObject({ payer, servedBytes: 240_000 })
  // What was refused at first was asked for, and counts from then on: never more than that.
  expect(account!.acknowledgedCredits).toBeGreaterThanOrEqual(140_000n)
  expect(account!.acknowledgedCredits).toBeLessThanOrEqual(240_000n)
  expect(book.credits({ payer, seller })).toBe(240_000n)
})

test('a book outlives its process with nothing too little, and begins where the chain is when it was lost', async () => {
  const read = await paid()
  await read()
  // As after a crash: not closed.
  const again = openEgressBook(join(folder, 'book'))
  expect(again.credits({ payer, seller })).toBeGreaterThanOrEqual(60_000n)
  again.close()
  redeemed = 10_000_000_000n
  await read()
  await read()
  expect(server.accounts.vouchers()[0]!.sum).toBeGreaterThanOrEqual(redeemed)
})

test('error: without the payer saying so the gateway signs nothing, and says what to do', async () => {
  isSigner = false
  const read = await paid()
  await read()
  await expect(Promise.all([read(), read()])).rejects.toMatchObject({
    code: 'no_voucher_signer',
    fix: expect.stringContaining(customer.address),
  })
})
