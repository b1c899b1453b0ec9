import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { epochAt, type FollowedNetwork, followNetwork, parseDeployment } from '@cairn/chain'
import { parseNetworkId } from '@cairn/protocol'
import { type CairnProcess, runCairn, startCairn } from '@cairn/testing'
import { createClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { localAccount } from './local-accounts.ts'

const halfADayMs = 12 * 3_600_000
const shiftClock = new URL('./shift-clock.fixture.ts', import.meta.url).href

let home: string
let up: CairnProcess | undefined
let isAllWell = false

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-restart-'))
})
afterAll(async () => {
  await up?.stop()
  // What failed has its logs there.
  if (isAllWell) await rm(home, { recursive: true, force: true })
}, 60_000)

describe('behavior: a local network goes on where it was', { timeout: 400_000 }, () => {
  test('behavior: after ctrl-c and a restart epochs continue, and what was claimed stays claimed', async () => {
    up = await startUp()
    const before = await untilPaid(await follow(), 0)
    await up.stop()
    up = await startUp()
    const kept = await rewards()
    for (const [device, claimed] of before.claimed.entries())
      expect(kept.claimed[device], `device ${device}`).toBeGreaterThanOrEqual(claimed)
    const after = await untilPaid(await follow(), before.last + 1)
    expect(after.total).toBeGreaterThan(before.total)
    await expectAudited()
  })

  test('behavior: after a night asleep it goes on at once, one root covers the night, and who serves has a bond', async () => {
    const asleep = await follow()
    const sleptIn = epochAt(asleep.history.timeline, Date.now() / 1000)
    const claimed = (await rewards()).total
    await up!.stop()
    const wokenMs = performance.now()
    const env = { NODE_OPTIONS: `--import ${shiftClock}`, CAIRN_TEST_AHEAD_MS: `${halfADayMs}` }
    // The chain takes its time from the machine as well, but no loader can shift that.
    const [woken] = await Promise.all([startUp(env), advanceChain()])
    up = woken
    const followed = await follow()
    const resumed = epochAt(followed.history.timeline, (Date.now() + halfADayMs) / 1000)
    const after = await untilPaid(followed, resumed)
    const seconds = (performance.now() - wokenMs) / 1000
    console.info(
      `awake again: slept in epoch ${sleptIn}, paid for epoch ${after.last} ${seconds.toFixed(0)} s after the start`,
    )
    expect(after.total).toBeGreaterThan(claimed)
    const { roots, stakes } = followed.history
    const night = roots.covering(sleptIn + 1_000)
    expect(night!.root.last - night!.root.first).toBeGreaterThan(3_000)
    expect(night!.state).toBe('final')
    expect(stakes.slashableOf('ingest', localAccount('ingest').address)).toBeGreaterThan(0n)
    await expectAudited()
    isAllWell = true
  })
})

function startUp(env: Record<string, string> = {}): Promise<CairnProcess> {
  return startCairn({ home, name: 'up', args: ['up', '--free-ports'], env, readyWithinMs: 120_000 })
}

async function networkFile() {
  const file = JSON.parse(await readFile(join(home, 'networks', 'local.json'), 'utf8'))
  return {
    client: createClient({ transport: http(file.rpcUrl, { retryCount: 0 }) }),
    network: parseNetworkId(file.network),
    deployment: parseDeployment(file.deployment),
  }
}

async function follow(): Promise<FollowedNetwork> {
  const followed = followNetwork(await networkFile())
  await followed.sync()
  return followed
}

/** As soon as the chain answers, its time is that of the services. */
async function advanceChain(): Promise<void> {
  const { client } = await networkFile()
  const request = (method: string, params: unknown[]) => client.request({ method, params } as never)
  for (;;) {
    try {
      await request('evm_increaseTime', [halfADayMs / 1000])
      await request('evm_mine', [])
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function rewards() {
  const { exitCode, value, stderr } = await runCairn<{ last: number | null; devices: { claimed: string }[] }>(
    {
      home,
      args: ['rewards', 'show'],
    },
  )
  expect(exitCode, stderr).toBe(0)
  const claimed = value.devices.map((device) => BigInt(device.claimed))
  return { last: value.last ?? -1, claimed, total: claimed.reduce((sum, amount) => sum + amount, 0n) }
}

/** Until a root that ends with `last` or later is final and claimed. */
async function untilPaid(followed: FollowedNetwork, last: number) {
  const { total } = await rewards()
  for (;;) {
    await followed.sync()
    const final = followed.history.roots.standing.findLast(({ state }) => state === 'final')
    if (final !== undefined && final.root.last >= last) {
      const paid = await rewards()
      if (paid.total > total) return paid
    }
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}

async function expectAudited(): Promise<void> {
  const { exitCode, stderr } = await runCairn({ home, args: ['audit'] })
  expect(exitCode, stderr).toBe(0)
}
