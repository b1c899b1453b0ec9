import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readQuote } from '@cairn/chain'
import { type CairnProcess, startCairn } from '@cairn/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../open-network.ts'
import { CREDITS_PER_DOLLAR } from '../output/amounts.ts'
import { createFeedKeeper } from './keep-feed.ts'

const DAY = 86_400
let home: string
let chain: CairnProcess
let open: Awaited<ReturnType<typeof connect>>

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-feed-'))
  chain = await startCairn({ home, name: 'chain', args: ['chain', 'run', '--free-ports', '--gateways', '0'] })
  open = await connect({ home, networkName: 'local' })
}, 90_000)
afterAll(async () => {
  await chain.stop()
  await rm(home, { recursive: true, force: true })
}, 30_000)

async function pass(seconds: number): Promise<void> {
  await open.client.request({ method: 'evm_increaseTime', params: [seconds] } as never)
  await open.client.request({ method: 'evm_mine', params: [] } as never)
}

const priceState = async () =>
  (await readQuote(open, { network: open.file.network, credits: CREDITS_PER_DOLLAR })).state
const keep = () => createFeedKeeper(open, new AbortController().signal).keep()

test('default: a price that was left for nine days is said again, and one that is half as old as it may be', async () => {
  expect(await priceState()).toBe('usable')
  expect(await keep()).toBe(false)
  await pass(9 * DAY)
  expect(await priceState()).toBe('stale')
  expect(await keep()).toBe(true)
  expect(await priceState()).toBe('usable')
  await pass(3 * DAY)
  expect(await keep()).toBe(false)
  await pass(DAY)
  expect(await keep()).toBe(true)
  expect(await keep()).toBe(false)
}, 30_000)

test('behavior: one keeper looks once a minute', async () => {
  const keeper = createFeedKeeper(open, new AbortController().signal)
  await pass(4 * DAY)
  expect(await keeper.keep()).toBe(true)
  await pass(30)
  expect(await keeper.keep()).toBe(false)
}, 30_000)
