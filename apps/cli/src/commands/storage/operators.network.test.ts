import { open, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { CreateBucketCommand, type S3ServiceException } from '@aws-sdk/client-s3'
import {
  approve,
  depositBond,
  epochStart,
  localPrivateKey,
  readBondOf,
  readDataSet,
  setBondTerms,
} from '@cairn/chain'
import { type CairnProcess, runCairn } from '@cairn/testing'
import { parseEther } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { governor, payer, proving } from '../../storage/rail-network.fixture.ts'
import {
  get,
  named,
  type OperatorProcess,
  type OperatorProcesses,
  put,
  randomBody,
  startOperatorNetwork,
} from './operator-processes.fixture.ts'
import type { Reputation } from './storage-tools.ts'

const sizes = [0, 100, 5_000, 300_000, 5_000_000, 12_000_000]

let processes: OperatorProcesses

beforeEach(async () => {
  processes = await startOperatorNetwork()
})
afterEach(() => processes.end())

/** Every page of a disk's volumes, one byte of each. */
async function damage(home: string): Promise<void> {
  const files = await readdir(home, { recursive: true })
  for (const name of files.filter((path) => path.endsWith('.rows'))) {
    const file = await open(join(home, name), 'r+')
    const { size } = await file.stat()
    for (let at = 4_096; at < size; at += 4_096) await file.write(Uint8Array.of(0xa5), 0, 1, at)
    await file.close()
  }
}

/** A bond of ten tokens for device 1, on a ladder that takes a tenth for the first fault, and a watcher. */
async function watchBonds(): Promise<void> {
  const { local, net } = processes
  const { network, token } = net
  const { deployment } = local
  const amount = parseEther('10')
  const terms = {
    faultProgram: 2,
    forgiveEpochs: 24,
    scores: [1, 4, 8, 16],
    bps: [1_000, 2_000, 5_000, 10_000],
  } as const
  await local.send(governor, setBondTerms(deployment, { network, terms }))
  await local.send(payer, approve({ token, spender: deployment.addresses.operatorBonds, amount }))
  await local.send(payer, depositBond(deployment, { network, index: 1, amount }))
  const args = [...named, 'watcher', 'run', '--port', '0']
  const env = { CAIRN_KEY: localPrivateKey(5) }
  await processes.start({ home: await processes.newHome('watcher'), name: 'watcher', env, args })
}
const bondOfFirst = async () =>
  (await readBondOf(processes.local, { network: processes.net.network, index: 1 })).amount

test.each([
  { agents: 12, code: '8/12', killed: 4 },
  { agents: 30, code: '10/16', killed: 6 },
])(
  'default: $agents agent processes with $code prove what they keep, and with $killed killed every object is served bit for bit, and lost rows are made again',
  {
    timeout: 600_000,
  },
  async ({ agents: count, code, killed }) => {
    const { local, net, startGateway } = processes
    const home = await processes.newHome('customer')
    const { value } = await runCairn<{ signer: `0x${string}` }>({ home, args: ['storage', 'signer'] })
    const agents: OperatorProcess[] = []
    for (let device = 1; device <= count; device++) {
      agents.push(await processes.addOperator(device))
      await processes.openRailTo(device, value.signer)
    }
    await watchBonds()
    const running: CairnProcess[] = []
    for (const agent of agents) running.push(await agent.start())

    const tooWide = await runCairn({
      home,
      args: [...named, 'storage', 'gateway', '--operators', '--code', `8/${count + 1}`, '--port', '0'],
    })
    expect(tooWide.exitCode).toBe(1)
    expect(tooWide.stderr).toMatch(/"code": ?"too_few_operators"/)

    const { gateway, client } = await startGateway(home, '--code', code, '--audit-every', '2s')
    expect(gateway.ready).toMatchObject({ operators: String(count), signer: value.signer.toLowerCase() })
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
    const objects = sizes.map((size) => ({ key: `of-${size}`, bytes: randomBody(size) }))
    for (const { key, bytes } of objects) await put(client, key, bytes)

    // Everybody who has rows gets them on chain, and proves them.
    const rowsOf = async () =>
      (await Promise.all(agents.map((agent) => agent.status()))).map(({ rows }) => rows)
    const findHolders = async () => (await rowsOf()).flatMap((rows, i) => (rows > 0 ? [i] : []))
    await expect
      .poll(async () => (await findHolders()).length, { timeout: 20_000, interval: 500 })
      .toBeGreaterThanOrEqual(Number(code.split('/')[1]))
    const holders = await findHolders()
    const pieces = async () =>
      Promise.all(holders.map(async (i) => (await readDataSet(local, { set: BigInt(i) })).pieces))
    await expect
      .poll(async () => Math.min(...(await pieces())), { timeout: 120_000, interval: 500 })
      .toBeGreaterThan(0)
    const epoch = Math.ceil(((await local.now()) - Number(net.timeline.genesis)) / net.timeline.epochSeconds)
    const period = Math.ceil(epoch / proving.periodEpochs) + 1
    await local.goTo(epochStart(net.timeline, (period + 1) * proving.periodEpochs - proving.windowEpochs))
    const proofs = async () =>
      (await Promise.all(holders.map((i) => agents[i]!.status()))).map(({ proofs }) => proofs)
    await expect
      .poll(async () => Math.min(...(await proofs())), { timeout: 120_000, interval: 500 })
      .toBeGreaterThan(0)

    // The first agent's disk goes bad while it runs: it can not prove, and with no hand moved that costs its bond. Nobody else loses anything.
    await damage(agents[0]!.home)
    for (const { key, bytes } of objects) expect((await get(client, key)).equals(bytes), key).toBe(true)
    await local.goTo(epochStart(net.timeline, (period + 2) * proving.periodEpochs - proving.windowEpochs))
    const others = holders.filter((i) => i !== 0)
    const provenBy = async () =>
      (await Promise.all(others.map((i) => agents[i]!.status()))).map(({ proofs }) => proofs)
    await expect
      .poll(async () => Math.min(...(await provenBy())), { timeout: 120_000, interval: 500 })
      .toBeGreaterThan(1)
    await expect
      .poll(async () => (await agents[0]!.status()).problems, { timeout: 30_000, interval: 500 })
      .not.toEqual({})
    await local.goTo(epochStart(net.timeline, (period + 2) * proving.periodEpochs))
    await expect.poll(bondOfFirst, { timeout: 60_000, interval: 500 }).toBe(parseEther('9'))
    for (const i of others) expect((await agents[i]!.status()).faults).toBe(0)

    // The gateway has put on record that it was not shown its rows; who has the records comes to the same score.
    const reputationOf = async (device: number) => {
      const { value } = await runCairn({ home, args: [...named, 'storage', 'records', String(device)] })
      const file = join(home, 'records.json')
      await writeFile(file, JSON.stringify(value))
      const args = [...named, 'storage', 'reputation', String(device), '--records', file]
      return (await runCairn<Reputation>({ home, args })).value
    }
    const recordsOf = async (device: number) =>
      (await reputationOf(device)).changes.map(({ record: { kind, outcome } }) => `${kind} ${outcome}`)
    const within = { timeout: 60_000, interval: 1_000 }
    // With as many operators as rows the first has rows of every slab: reads or audits have come upon damaged ones.
    if (code.endsWith(`/${count}`))
      await expect
        .poll(() => recordsOf(1), within)
        .toEqual(expect.arrayContaining([expect.stringMatching(/audit unanswered|retrieval refused/)]))
    await expect.poll(() => recordsOf(others[0]! + 1), within).toContain('audit right')
    const good = await reputationOf(others[0]! + 1)
    expect(good.scores).toMatchObject({ possession: 1_000_000, integrity: 1_000_000 })
    expect((await reputationOf(1)).scores.possession).toBeLessThan(1_000_000)

    for (const agent of running.slice(0, killed)) await agent.kill()
    for (const { key, bytes } of objects) expect((await get(client, key)).equals(bytes), key).toBe(true)

    // A new gateway process over the same folder, while they are gone: it serves, too.
    await gateway.stop()
    const again = await startGateway(home, '--code', code)
    for (const { key, bytes } of objects) expect((await get(again.client, key)).equals(bytes), key).toBe(true)
    const more = put(again.client, 'more', randomBody(300_000))
    if (count - killed >= Number(code.split('/')[1])) await more
    else
      expect(((await more.catch((error) => error)) as S3ServiceException).$metadata.httpStatusCode).toBe(503)
    await again.gateway.stop()
    expect(await again.gateway.exited).toBe(0)
    // The gateway's disk is lost without a word: from the root key and the network another makes everything again.
    const fourth = await startGateway(home, '--code', code)
    await fourth.gateway.kill()
    await rm(String(fourth.gateway.ready.dataFolder), { recursive: true })
    const restored = await startGateway(home, '--code', code, '--restore')
    for (const { key, bytes } of objects)
      expect((await get(restored.client, key)).equals(bytes), key).toBe(true)
    await restored.gateway.stop()
    if (count < 30) return

    // A gateway that waits for nobody makes the lost rows again elsewhere, and five more operators may go.
    const third = await startGateway(home, '--code', code, '--rebuild-after', '1s')
    const fewestRows = () => {
      const index = new DatabaseSync(join(String(third.gateway.ready.dataFolder), 'slabs', 'slabs.sqlite'))
      const living = 'select count(*) as rows from slab_rows where device > ? group by slab'
      const least = index.prepare(`select min(rows) as least from (${living})`).get(killed)!.least
      index.close()
      return Number(least)
    }
    expect(fewestRows()).toBeLessThan(15)
    await expect.poll(fewestRows, { timeout: 90_000, interval: 500 }).toBeGreaterThanOrEqual(15)
    for (const agent of running.slice(killed, killed + 5)) await agent.kill()
    for (const { key, bytes } of objects) expect((await get(third.client, key)).equals(bytes), key).toBe(true)
    await third.gateway.stop()
  },
)
