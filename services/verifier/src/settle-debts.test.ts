import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  availabilityEnd,
  epochAt,
  epochStart,
  followNetwork,
  readBalanceOf,
  readOwedTo,
  readReserveOf,
  type Timeline,
} from '@cairn/chain'
import { encodeReading, template } from '@cairn/sector-template'
import { type ContractChain, createContractNetwork, startContractChain } from '@cairn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVerifier } from './create-verifier.ts'
import { verifierOptions } from './test-verifier.fixture.ts'

const VERIFIERS = [2, 3, 4] as const
const TOKEN = 10n ** 18n
let local: ContractChain
let folder: string

beforeAll(async () => {
  local = await startContractChain()
  folder = await mkdtemp(join(tmpdir(), 'cairn-debts-'))
}, 60_000)
afterAll(async () => {
  await local.chain.kill()
  await rm(folder, { recursive: true })
})

test('default: what a limit on outflow keeps back, verifiers bring out epoch by epoch', async () => {
  const { client, deployment } = local
  const net = await createContractNetwork(local, {
    sector: template,
    devices: 2,
    verifiers: VERIFIERS,
    outflow: { limit: 10n * TOKEN, epochs: 1 },
    salt: 1,
  })
  const { network, timeline, token, vault } = net
  const reserve = await readReserveOf(local, { network })
  const followed = followNetwork({ client, deployment, network })
  const verifiers = VERIFIERS.map((index) => createVerifier(verifierOptions(local, net, { index, folder })))
  const step = async () => {
    for (const verifier of verifiers) await verifier.step()
    await followed.sync()
  }
  const owed = (to: `0x${string}`) => readOwedTo(local, { reserve, to })
  const earned = async (index: number) =>
    (await readBalanceOf(local, { token, account: local.account(index).address })) - 991n * TOKEN

  // Nothing in two epochs, and the third one's root covers them all: 27 tokens to devices and 3 to verifiers at once.
  const takenMs = epochStart(timeline, 2) * 1000 + 5
  const reports = net.devices.map((device) =>
    device.report(2, 0, [encodeReading({ cell: 7, takenMs, value: 20_000 + device.index })]),
  )
  await net.seal(2, reports)
  await local.goTo(availabilityEnd(timeline, 2))
  await step()
  await local.goTo(followed.history.roots.head!.finalisableAt!)
  await step()
  await step()
  expect(followed.history.roots.head!.state).toBe('final')
  expect(await readBalanceOf(local, { token, account: vault })).toBe(10n * TOKEN)
  expect([await owed(vault), await owed(local.account(2).address)]).toEqual([17n * TOKEN, TOKEN])

  await nextEpoch(timeline)
  await step()
  expect(await owed(vault)).toBe(7n * TOKEN)
  expect(await earned(2)).toBe(0n)

  await nextEpoch(timeline)
  await step()
  expect(await owed(vault)).toBe(0n)
  expect(await Promise.all(VERIFIERS.map(earned))).toEqual([TOKEN, TOKEN, TOKEN])
}, 60_000)

async function nextEpoch(timeline: Timeline): Promise<void> {
  await local.goTo(epochStart(timeline, epochAt(timeline, await local.now()) + 1))
}
