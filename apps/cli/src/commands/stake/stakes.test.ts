import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CairnProcess, runCairn, startCairn } from '@cairn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localAccount } from '../../local/local-accounts.ts'

let home: string
let chain: CairnProcess

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-stakes-'))
  chain = await startCairn({ home, name: 'chain', args: ['chain', 'run', '--free-ports', '--gateways', '1'] })
}, 90_000)
afterAll(async () => {
  await chain.stop()
  await rm(home, { recursive: true, force: true })
}, 30_000)

const cairn = async (...args: string[]) => {
  const { exitCode, value, stderr } = await runCairn<Record<string, unknown>>({ home, args })
  return { exitCode, value, error: stderr === '' ? undefined : JSON.parse(stderr).error }
}
const wei = (amount: number) => `${amount}000000000000000000`

test("default: a device's bond is posted by anybody, and leaves when its owner asks", async () => {
  const posted = await cairn('bond', 'deposit', '0', '100', '--account', 'watcher')
  expect(posted.value).toMatchObject({ device: 0, amount: wei(100), bonded: true })
  const stranger = await cairn('bond', 'exit', '0', '40', '--account', 'watcher')
  expect(stranger.error.message).toContain('NotDeviceOwner')
  expect((await cairn('bond', 'exit', '0', '40')).value).toMatchObject({ device: 0, amount: wei(40) })
  expect((await cairn('bond', 'withdraw', '0')).error.message).toContain('EvidenceStillOpen')
  expect((await cairn('bond', 'show')).value).toMatchObject([
    { device: 0, bond: wei(100), exiting: wei(40), least: 0, bonded: true, score: 0, cleared: false },
  ])
  expect((await cairn('bond', 'slash', '0')).error).toMatchObject({ code: 'not_final' })
  expect((await cairn('bond', 'show', '9')).error).toMatchObject({ code: 'unknown_device' })
}, 180_000)

test('default: a pool is made, others delegate to it, and leave', async () => {
  const operator = ['--account', 'operator']
  const made = await cairn('stake', 'pool', 'create', '--commission', '5', '--self', '40', ...operator)
  expect(made.value).toMatchObject({
    terms: { commissionBps: 500, mostCommissionBps: 2_000, selfBps: 4_000 },
  })
  const pool = String(made.value.pool)
  const alone = await cairn('delegate', 'deposit', pool, '600', '--account', 'watcher')
  expect(alone.error.message).toContain('SelfDelegationTooSmall')
  expect((await cairn('delegate', 'deposit', pool, '400', ...operator)).exitCode).toBe(0)
  const more = await cairn('delegate', 'deposit', pool, '600', '--account', 'watcher')
  expect(more.value).toMatchObject({ assets: wei(600) })
  const holder = localAccount('watcher').address
  expect((await cairn('delegate', 'exit', pool, '--account', 'watcher')).value).toMatchObject({
    batch: 0,
    started: true,
  })
  expect((await cairn('delegate', 'show', pool, '--account', 'watcher')).value).toMatchObject({
    holder,
    totalAssets: wei(400),
    own: wei(400),
    leaving: { batch: 0, claim: wei(600) },
    assets: 0,
    exits: [{ batch: 0, paid: false }],
  })
  const early = await cairn('delegate', 'withdraw', pool, '--account', 'watcher')
  expect(early.value).toMatchObject({ withdrawn: 0, waiting: [0] })
}, 180_000)

test('error: what is no pool is not trusted with tokens', async () => {
  const { error } = await cairn('delegate', 'deposit', localAccount('watcher').address, '1')
  expect(error).toMatchObject({ code: 'not_a_pool', field: 'pool' })
  expect((await runCairn({ home, args: ['stake', 'pool', 'create', '--self', 'much'] })).exitCode).toBe(2)
}, 60_000)
