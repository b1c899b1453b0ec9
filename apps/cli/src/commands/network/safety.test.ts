import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CairnProcess, runCairn, startCairn } from '@cairn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SafetyRow } from '../../safety/show-safety.ts'

let home: string
let chain: CairnProcess
let rpc: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-safety-'))
  chain = await startCairn({ home, name: 'chain', args: ['chain', 'run', '--free-ports', '--gateways', '0'] })
  rpc = JSON.parse(await readFile(join(home, 'networks', 'local.json'), 'utf8')).rpcUrl
}, 90_000)
afterAll(async () => {
  await chain.stop()
  await rm(home, { recursive: true, force: true })
}, 30_000)

const safety = async (...args: string[]) => {
  const { exitCode, value, stderr } = await runCairn<{ inequalities: SafetyRow[] }>({
    home,
    args: ['network', 'safety', ...args],
  })
  expect(stderr).toBe('')
  const unsafe = value.inequalities.filter(({ holds }) => !holds)
  return { exitCode, rows: value.inequalities, unsafe: unsafe.map(({ name }) => name) }
}

const create = async (...args: string[]) => {
  const { exitCode, stderr } = await runCairn({
    home,
    args: ['network', 'create', 'meadow', '--rpc', rpc, '--sector', 'wireless', '--account', 'x', ...args],
  })
  return { exitCode, error: JSON.parse(stderr).error }
}

test('default: the local network is told what a day asleep would make its verifiers’ bonds worth', async () => {
  const asleep = await safety()
  expect(asleep.exitCode).toBe(3)
  expect(asleep.unsafe).toContain('collusion')
  const [collusion] = asleep.rows
  // 7 203 epochs of 100 tokens against two thirds of the 2 000 that a quorum has.
  expect(collusion).toMatchObject({
    right: '720300000000000000000000',
    fix: expect.stringContaining('540225 tokens'),
  })
  expect(asleep.rows.map(({ name }) => name)).not.toContain('response')
  // A quarter of what is spent goes to the seller.
  expect(asleep.rows).toContainEqual(
    expect.objectContaining({ name: 'self-dealing', left: 7_500, holds: true }),
  )
})

test('behavior: with the world as it is on a machine of one’s own, the local network is safe', async () => {
  const awake = await safety('--outage', '0', '--gas-price', '0', '--check-cost', '0')
  expect(awake).toMatchObject({ exitCode: 0, unsafe: [] })
  expect(awake.rows[0]).toMatchObject({ name: 'collusion', right: '300000000000000000000' })
})

test('error: a network in which cheating pays is not created, and the error has the option that mends it', async () => {
  const refused = await create('--verifier-bond', '1000', '--challenge-bond', '1')
  expect(refused.exitCode).toBe(1)
  expect(refused.error).toMatchObject({ code: 'unsafe_parameters', field: 'collusion' })
  expect(refused.error.message).toContain('--verifier-bond 7350')
  expect(refused.error.message).toContain('griefing')
  expect(refused.error.fix).toContain('--force')
})

test('behavior: a safe network goes on to the account it is sent from', async () => {
  const { exitCode, error } = await create()
  expect(exitCode).toBe(1)
  expect(error.code).not.toBe('unsafe_parameters')
})
