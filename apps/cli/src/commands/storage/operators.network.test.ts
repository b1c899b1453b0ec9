import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ServiceException,
} from '@aws-sdk/client-s3'
import { createDeviceKey, openDevice } from '@cairn/agent'
import {
  approve,
  depositBond,
  epochStart,
  localPrivateKey,
  openRail,
  readBondOf,
  readDataSet,
  setBondTerms,
} from '@cairn/chain'
import { deviceSigner, freePort } from '@cairn/runtime'
import {
  type CairnProcess,
  type ContractChain,
  type ContractNetwork,
  runCairn,
  startCairn,
  startContractChain,
} from '@cairn/testing'
import { getAddress, parseEther } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeNetworkFile } from '../../network-file.ts'
import {
  createRailNetwork,
  governor,
  offerStorage,
  payer,
  proving,
} from '../../storage/rail-network.fixture.ts'

/** Accounts from here on own a device each. */
const firstOwner = 20
const storagePrice = 2n ** 25n
const passphrase = 'meadow'
const sizes = [0, 100, 5_000, 300_000, 5_000_000, 12_000_000]

let folder: string
let local: ContractChain
let net: ContractNetwork
let running: CairnProcess[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-operators-'))
  running = []
  local = await startContractChain()
  // Device 0 of the fixture has no agent: nobody opens a rail to it.
  net = await createRailNetwork(local, deviceSigner(new Uint8Array(32).fill(7)))
})
afterEach(async () => {
  await Promise.all(running.map((each) => each.kill()))
  local.chain.kill()
  await rm(folder, { recursive: true, force: true })
})

const named = ['--network', 'meadow']
const newHome = async (name: string) => {
  const home = join(folder, name)
  const { network } = net
  const { deployment } = local
  const rpcUrl = local.chain.url
  await writeNetworkFile(home, { name: 'meadow', rpcUrl, network, deployment, sources: [] })
  return home
}

/** An agent of its own owner, in a home of its own, and a rail to it. */
async function startAgent(device: number, signer: `0x${string}`) {
  const account = firstOwner + device
  await local.rpc('anvil_setBalance', local.account(account).address, '0xde0b6b3a7640000')
  const home = await newHome(`agent-${device}`)
  const key = { folder: join(home, 'devices', 'meadow'), name: 'disk', passphrase }
  await createDeviceKey(key)
  const { signer: deviceKey } = await openDevice({ ...key, index: device })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await offerStorage(local, net.network, { device, account, signer: deviceKey, url, storagePrice })
  const opening = { network: net.network, device, signer: getAddress(signer), mostStoragePrice: storagePrice }
  await local.send(
    payer,
    openRail(local.deployment, { ...opening, mostEgressPrice: 2n ** 40n, credits: 20_000n }),
  )
  const env = { CAIRN_KEY: localPrivateKey(account), CAIRN_PASSPHRASE: passphrase }
  const args = [...named, 'agent', 'run', '--sector', 'storage', '--capacity', '1GiB', '--port', String(port)]
  const start = async () => {
    const agent = await startCairn({ home, name: 'operator', env, args })
    running.push(agent)
    return agent
  }
  const status = async () =>
    JSON.parse(await readFile(join(home, 'operator', 'meadow', String(device), 'status.json'), 'utf8')).status
  return { home, start, status }
}

async function startGateway(home: string, ...more: string[]) {
  const args = [...named, 'storage', 'gateway', '--operators', '--port', '0', '--bundle-every', '1s', ...more]
  const gateway = await startCairn({ home, name: 'gateway', args })
  running.push(gateway)
  const { accessKeys } = JSON.parse(await readFile(String(gateway.ready.accessKeyFile), 'utf8'))
  const { accessKeyId, secretAccessKey } = accessKeys[0]
  const client = new S3Client({
    endpoint: String(gateway.ready.url),
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
  return { gateway, client }
}

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
  running.push(await startCairn({ home: await newHome('watcher'), name: 'watcher', env, args }))
}
const bondOfFirst = async () => (await readBondOf(local, { network: net.network, index: 1 })).amount

const body = (size: number) => {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}
const put = (client: S3Client, Key: string, Body: Uint8Array) =>
  client.send(new PutObjectCommand({ Bucket: 'bucket', Key, Body }))
const get = async (client: S3Client, Key: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }))
  return Buffer.from(await Body!.transformToByteArray())
}

test.each([
  { agents: 12, code: '8/12', killed: 4 },
  { agents: 30, code: '10/16', killed: 6 },
])(
  'default: $agents agent processes with $code prove what they keep, and with $killed killed every object is served bit for bit, and lost rows are made again',
  {
    timeout: 600_000,
  },
  async ({ agents: count, code, killed }) => {
    const home = await newHome('customer')
    const { value } = await runCairn<{ signer: `0x${string}` }>({ home, args: ['storage', 'signer'] })
    const agents: Awaited<ReturnType<typeof startAgent>>[] = []
    for (let device = 1; device <= count; device++) agents.push(await startAgent(device, value.signer))
    await watchBonds()
    const processes: CairnProcess[] = []
    for (const agent of agents) processes.push(await agent.start())

    const tooWide = await runCairn({
      home,
      args: [...named, 'storage', 'gateway', '--operators', '--code', `8/${count + 1}`, '--port', '0'],
    })
    expect(tooWide.exitCode).toBe(1)
    expect(tooWide.stderr).toMatch(/"code": ?"too_few_operators"/)

    const { gateway, client } = await startGateway(home, '--code', code)
    expect(gateway.ready).toMatchObject({ operators: String(count), signer: value.signer.toLowerCase() })
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
    const objects = sizes.map((size) => ({ key: `of-${size}`, bytes: body(size) }))
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
    expect((await agents[0]!.status()).problems).not.toEqual({})
    await local.goTo(epochStart(net.timeline, (period + 2) * proving.periodEpochs))
    await expect.poll(bondOfFirst, { timeout: 60_000, interval: 500 }).toBe(parseEther('9'))
    for (const i of others) expect((await agents[i]!.status()).faults).toBe(0)

    for (const agent of processes.slice(0, killed)) await agent.kill()
    for (const { key, bytes } of objects) expect((await get(client, key)).equals(bytes), key).toBe(true)

    // A new gateway process over the same folder, while they are gone: it serves, too.
    await gateway.stop()
    const again = await startGateway(home, '--code', code)
    for (const { key, bytes } of objects) expect((await get(again.client, key)).equals(bytes), key).toBe(true)
    const more = put(again.client, 'more', body(300_000))
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
    for (const agent of processes.slice(killed, killed + 5)) await agent.kill()
    for (const { key, bytes } of objects) expect((await get(third.client, key)).equals(bytes), key).toBe(true)
    await third.gateway.stop()
  },
)
