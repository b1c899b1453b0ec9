import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CairnProcess, runCairn, startCairn } from '@cairn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localAccount } from '../../local/local-accounts.ts'

let home: string
let chain: CairnProcess

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-credits-'))
  chain = await startCairn({ home, name: 'chain', args: ['chain', 'run', '--free-ports', '--gateways', '0'] })
}, 90_000)
afterAll(async () => {
  await chain.stop()
  await rm(home, { recursive: true, force: true })
}, 30_000)

const cairn = async (...args: string[]) => {
  const { exitCode, value, stderr } = await runCairn<Record<string, unknown>>({ home, args })
  return { exitCode, value, error: stderr === '' ? undefined : JSON.parse(stderr).error }
}

test('default: a customer buys dollars, acknowledges service, and the seller is paid', async () => {
  const payer = ['--account', 'operator']
  const bought = await cairn('credits', 'buy', '12.5', ...payer)
  expect(bought.value).toMatchObject({ credits: 12_500_000, tokens: '12500000000000000000' })
  const file = join(home, 'voucher.json')
  const seller = localAccount('watcher').address
  expect((await cairn('voucher', 'sign', seller, '4', '--out', file, ...payer)).exitCode).toBe(0)
  const redeemed = await cairn('voucher', 'redeem', file, '--metered', '3', '--account', 'watcher')
  expect(redeemed.value).toMatchObject({ redeemed: 3_000_000, now: 3_000_000 })
  expect((await cairn('credits', 'show', ...payer)).value).toMatchObject({
    credits: 9_500_000,
    price: 'usable',
    tokensPerDollar: '1000000000000000000',
  })
  expect((await cairn('credits', 'refund', '5', ...payer)).exitCode).toBe(0)
  const early = await cairn('credits', 'refund', ...payer)
  expect(early.exitCode).toBe(1)
  expect(early.error.message).toContain('RefundTooEarly')
}, 60_000)

test('behavior: a stranger brings the meter that the seller signed, and the seller is paid', async () => {
  const [file, meter] = [join(home, 'voucher.json'), join(home, 'meter.json')]
  const buyer = localAccount('operator').address
  const metered = ['voucher', 'meter', buyer, '3.5', '--out', meter, '--account', 'watcher']
  expect((await cairn(...metered)).exitCode).toBe(0)
  const brought = await cairn('voucher', 'redeem', file, '--meter', meter, '--account', 'customer')
  expect(brought.value).toMatchObject({ metered: 3_500_000, redeemed: 3_500_000, now: 500_000 })
  const none = await cairn('voucher', 'redeem', file, '--meter', file)
  expect(none.error).toMatchObject({ code: 'malformed_meter' })
  const both = ['voucher', 'redeem', file, '--meter', file, '--metered', '1']
  expect((await runCairn({ home, args: both })).exitCode).toBe(2)
}, 60_000)

test('behavior: where no verifier runs no root is final, and the statement is empty', async () => {
  expect((await cairn('statement')).value).toMatchObject({ format: 'cairn-statement', rows: [] })
}, 60_000)

test('error: what is no voucher, and who is not the seller', async () => {
  const file = join(home, 'voucher.json')
  const stranger = await cairn('voucher', 'redeem', file, '--account', 'operator')
  expect(stranger.error.message).toContain('NotSeller')
  const wrong = await cairn('voucher', 'redeem', join(home, 'networks', 'local.json'))
  expect(wrong.error).toMatchObject({ code: 'malformed_voucher' })
  const missing = await cairn('voucher', 'redeem', join(home, 'nothing.json'))
  expect(missing.error).toMatchObject({ code: 'unreadable_voucher', field: 'file' })
  expect((await runCairn({ home, args: ['credits', 'buy', 'much'] })).exitCode).toBe(2)
}, 60_000)
