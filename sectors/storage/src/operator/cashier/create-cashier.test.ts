import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Hex, parseNetworkId } from '@cairn/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SignedSum } from '../../wire/signed-sums.ts'
import { type Accounts, openAccounts } from '../server/open-accounts.ts'
import { createCashier } from './create-cashier.ts'
import type { RailPay } from './pay-chain.ts'

const network = parseNetworkId(`0x${'0d'.repeat(28)}`)
const seller: Hex = `0x${'5e'.repeat(20)}`
const first: Hex = `0x${'a1'.repeat(20)}`
const second: Hex = `0x${'a2'.repeat(20)}`
const now = 1_800_000_000
const day = 86_400
const voucherOf = (payer: Hex, sum: bigint, endsIn = 30 * day): SignedSum => ({
  ...{ network, payer, seller, program: 0, sum },
  expiresAt: BigInt(now + endsIn),
  signature: `0x${'00'.repeat(65)}`,
})

let folder: string
let accounts: Accounts
let chain: ReturnType<typeof fakeChain>
let said: string[]
const log = { info: () => {}, error: (...args: unknown[]) => void said.push(String(args[1])) }

/** A chain with the contract's rules: a voucher pays what is not redeemed yet, as far as the payer has credits. */
const fakeChain = () => {
  const state = {
    redeemed: new Map<Hex, bigint>(),
    has: new Map<Hex, bigint>([
      [first, 10_000n],
      [second, 10_000n],
    ]),
    rails: [first, second].map((payer, i): RailPay => ({ rail: BigInt(i), payer, due: 0n, isOver: false })),
    sent: [] as string[],
    dies: false,
  }
  const readRedeemed = async ({ payer }: SignedSum) => state.redeemed.get(payer) ?? 0n
  return {
    state,
    readNow: async () => now,
    readRedeemed,
    async redeem(voucher: SignedSum) {
      const has = state.has.get(voucher.payer)!
      if (has === 0n) throw new Error('AccountEmpty')
      const before = await readRedeemed(voucher)
      const paid = [voucher.sum - before, has].sort((a, b) => Number(a - b))[0]!
      state.has.set(voucher.payer, has - paid)
      state.redeemed.set(voucher.payer, before + paid)
      state.sent.push(`redeem ${voucher.payer.slice(0, 4)} ${paid}`)
      if (state.dies) throw new Error('the process was killed')
    },
    readRailPay: async () => state.rails,
    async settle(rail: bigint) {
      const { due } = state.rails[Number(rail)]!
      state.rails = state.rails.map((each) => (each.rail === rail ? { ...each, due: 0n } : each))
      state.sent.push(`settle ${rail} ${due}`)
    },
  }
}
const cashierOf = () => createCashier({ accounts, chain, leastCredits: 100n, log })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-cashier-'))
  accounts = openAccounts(folder)
  chain = fakeChain()
  said = []
})
afterEach(async () => {
  accounts.close()
  await rm(folder, { recursive: true })
})

test('default: a voucher waits until it is worth a transaction, and is redeemed once, over a restart', async () => {
  accounts.acknowledge(voucherOf(first, 99n))
  const cashier = cashierOf()
  await cashier.step()
  expect([chain.state.sent, cashier.status().acknowledgedCredits]).toEqual([[], 99n])
  accounts.acknowledge(voucherOf(first, 100n))
  accounts.close()
  accounts = openAccounts(folder)
  const again = cashierOf()
  for (let turn = 0; turn < 3; turn++) await again.step()
  expect(chain.state.sent).toEqual(['redeem 0xa1 100'])
  expect(again.status()).toMatchObject({ acknowledgedCredits: 0n, redeemedCredits: 100n })
})

test('behavior: what was in when the process died is not sent again', async () => {
  accounts.acknowledge(voucherOf(first, 500n))
  chain.state.dies = true
  await cashierOf().step()
  chain.state.dies = false
  const again = cashierOf()
  await again.step()
  expect(chain.state.sent).toEqual(['redeem 0xa1 500'])
  expect([again.status().acknowledgedCredits, again.status().problems.size]).toEqual([0n, 0])
})

test('behavior: small sums are redeemed before their voucher ends, and when no rail of the payer goes on', async () => {
  accounts.acknowledge(voucherOf(first, 5n, 2 * day))
  accounts.acknowledge(voucherOf(second, 7n))
  const cashier = cashierOf()
  await cashier.step()
  expect(chain.state.sent).toEqual(['redeem 0xa1 5'])
  chain.state.rails = chain.state.rails.map((rail) => ({ ...rail, isOver: true }))
  await cashier.step()
  expect(chain.state.sent).toEqual(['redeem 0xa1 5', 'redeem 0xa2 7'])
})

test('behavior: one payer who has nothing is told once, hinders no other, and pays later', async () => {
  accounts.acknowledge(voucherOf(first, 300n))
  accounts.acknowledge(voucherOf(second, 400n))
  chain.state.has.set(first, 0n)
  const cashier = cashierOf()
  for (let turn = 0; turn < 3; turn++) await cashier.step()
  expect(chain.state.sent).toEqual(['redeem 0xa2 400'])
  expect(cashier.status()).toMatchObject({ acknowledgedCredits: 300n, redeemedCredits: 400n })
  expect(cashier.status().problems.get(first)).toMatchObject({ message: 'AccountEmpty' })
  expect(said).toEqual(['is not paid yet'])
  chain.state.has.set(first, 120n)
  await cashier.step()
  expect(cashier.status()).toMatchObject({ redeemedCredits: 520n, acknowledgedCredits: 180n })
  expect(cashier.status().problems.size).toBe(0)
})

test('behavior: rails are settled when they owe enough, or are over', async () => {
  const owing = (due: bigint, isOver = false) => {
    chain.state.rails = [{ rail: 0n, payer: first, due, isOver }]
  }
  const cashier = cashierOf()
  owing(99n)
  await cashier.step()
  expect([chain.state.sent, cashier.status().dueCredits]).toEqual([[], 99n])
  owing(150n)
  await cashier.step()
  owing(1n, true)
  await cashier.step()
  await cashier.step()
  expect(chain.state.sent).toEqual(['settle 0 150', 'settle 0 1'])
  expect(cashier.status()).toMatchObject({ settledCredits: 151n, dueCredits: 0n })
})

test('error: a voucher that ended is named, and not sent', async () => {
  accounts.acknowledge(voucherOf(first, 300n, -1))
  const cashier = cashierOf()
  await cashier.step()
  expect(chain.state.sent).toEqual([])
  expect(cashier.status().problems.get(first)).toMatchObject({ code: 'voucher_ended' })
})
