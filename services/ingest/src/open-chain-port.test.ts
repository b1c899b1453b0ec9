import {
  approve,
  createNetwork,
  createSubmitter,
  deploySingletons,
  deposit,
  type FollowedNetwork,
  followNetwork,
  localAccount,
  localPrivateKey,
  registerDevice,
  type Submitter,
  type Timeline,
} from '@cairn/chain'
import {
  buildReport,
  fromHex,
  type Hex,
  onboardDigestInput,
  parseReceipt,
  serializeRuleset,
} from '@cairn/protocol'
import {
  deviceSigner,
  generateDevicePrivateKey,
  type LocalChain,
  manualClock,
  startAnvil,
  systemClock,
} from '@cairn/runtime'
import { type Client, createClient, http, parseEther, zeroAddress } from 'viem'
import { getBlock } from 'viem/actions'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createIngest } from './create-ingest.ts'
import { joinBatch, quiet, temporaryFolder } from './fixtures.ts'
import { openChainPort } from './open-chain-port.ts'

const device = deviceSigner(generateDevicePrivateKey())
let chain: LocalChain
let client: Client
let followed: FollowedNetwork
let options: Omit<Parameters<typeof openChainPort>[0], 'clock'>
let timeline: Timeline
const submitterOf = (index: number): Submitter =>
  createSubmitter({ client, account: localAccount(index), clock: systemClock(), pollMs: 10 })

beforeAll(async () => {
  chain = await startAnvil()
  client = createClient({ transport: http(chain.url), cacheTime: 0 })
  const submitter = submitterOf(0)
  const deployment = await deploySingletons(submitter)
  const { timestamp } = await getBlock(client)
  timeline = {
    genesis: timestamp + 300n,
    epochSeconds: 100,
    sealSeconds: 20,
    availabilitySeconds: 20,
    attestSeconds: 40,
    challengeSeconds: 50,
    responseSeconds: 5,
    queueSeconds: 1,
    exitSeconds: 220,
  }
  const { network, token } = await createNetwork(
    { deployment, submitter },
    {
      name: 'Test',
      timeline,
      token: {
        name: 'Stone',
        symbol: 'STN',
        allocations: [{ to: localAccount(1).address, amount: parseEther('1000') }],
      },
      owner: { address: localAccount(0).address },
      emission: { kind: 'halving', perEpoch: parseEther('10'), halvingEpochs: 10, maxHalvings: 2 },
      ingestBond: parseEther('10'),
      verifierBond: parseEther('10'),
      challengeBond: parseEther('5'),
      reportsPerEpoch: 1_000,
      verifierShareBps: 1_000,
      ruleset: serializeRuleset({
        sector: 'template',
        version: 1,
        programs: [{ name: 'usage', weightBps: 10_000 }],
        params: {},
        carryEpochs: 8,
      }),
      salt: `0x${'5a'.repeat(32)}`,
    },
  )
  const ingest = submitterOf(1)
  const amount = parseEther('25')
  await ingest.submit(approve({ token, spender: deployment.addresses.stake, amount }))
  await ingest.submit(deposit(deployment, { network, role: 'ingest', amount }))
  const owner = fromHex(localAccount(0).address)
  const signature = device.sign(onboardDigestInput(network, owner, 1))
  await submitter.submit(registerDevice(deployment, { network, deviceClass: 1, key: device.key, signature }))
  followed = followNetwork({ client, deployment, network })
  await followed.sync()
  options = { client, deployment, followed, submitter: ingest }
}, 60_000)
afterAll(() => chain.kill())

const goTo = async (time: number) => {
  await client.request({ method: 'evm_setNextBlockTimestamp', params: [time] } as never)
  await client.request({ method: 'evm_mine', params: [] } as never)
}

test('default: an ingest on a chain takes the report of an onboarded device and commits its epoch', async () => {
  const { network } = followed.history
  const genesis = Number(timeline.genesis)
  await goTo(genesis + 1)
  const clock = manualClock((genesis + 2) * 1_000)
  const port = await openChainPort({ ...options, clock })
  expect(await port.capacity(0)).toEqual({ reports: 2_500, bytes: 2_500 * 131_072 })
  expect((await port.snapshot(0)).deviceCount).toBe(1)
  expect(await port.committed(0)).toBeUndefined()
  expect(port.domain.verifyingContract).not.toBe(zeroAddress)

  const ingest = createIngest({
    chain: port,
    clock,
    log: quiet,
    signingKey: fromHex(localPrivateKey(1)),
    threads: 1,
    dataDir: await temporaryFolder(onTestFinished),
    http: { host: '127.0.0.1', port: 0 },
    limits: { groupIntervalMs: 0, sealPollMs: 1 },
  })
  const { url } = await ingest.start()
  onTestFinished(() => ingest.stop())
  const fields = { network, device: 0, epoch: 0, sequence: 0, timeMs: (genesis + 1) * 1_000 }
  const { bytes } = buildReport(fields, [Uint8Array.of(1)], device.sign)
  const response = await fetch(`${url}/v1/networks/${network}/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.cairn.reports' },
    body: joinBatch([bytes]),
  })
  const { results } = (await response.json()) as { results: { receipt: unknown }[] }
  const receipt = parseReceipt(results[0]!.receipt)

  await goTo(genesis + 101)
  clock.advance(101_000)
  const committed = async () => {
    clock.advance(1)
    return port.committed(0)
  }
  // One report: its group's tree is the tree of the epoch.
  await expect
    .poll(committed, { interval: 5, timeout: 15_000 })
    .toMatchObject({ root: receipt.group.batchRoot, count: 1 })
  expect(await port.committed(1)).toBeUndefined()
}, 40_000)

test('behavior: a commitment after the sealing is late: it counts and costs, and what was acknowledged before under the whole bond may still be committed', async () => {
  const genesis = Number(timeline.genesis)
  const port = await openChainPort({ ...options, clock: manualClock(0) })
  const bond = () => followed.history.stakes.slashableOf('ingest', options.submitter.address)
  const before = bond()
  await goTo(genesis + 225)
  const root: Hex = `0x${'11'.repeat(32)}`
  await port.commit({ epoch: 1, root, count: 1, sizeBytes: 500 })
  await port.snapshot(2)
  expect(followed.history.slots.list.at(-1)).toMatchObject({ epoch: 1, sealedIn: 2, deferrals: 0 })
  expect(bond()).toBe(before - parseEther('1'))
  expect(await port.capacity(2)).toEqual({ reports: 2_500, bytes: 2_500 * 131_072 })
  expect((await port.capacity(3)).reports).toBe(2_400)
})

test('error: a transaction that finds no block is followed until the signal, and no longer', async () => {
  await goTo(Number(timeline.genesis) + 305)
  const stopped = new AbortController()
  const port = await openChainPort({ ...options, clock: systemClock(), signal: stopped.signal })
  await client.request({ method: 'evm_setAutomine', params: [false] } as never)
  const sent = port.commit({ epoch: 2, root: `0x${'22'.repeat(32)}`, count: 1, sizeBytes: 500 })
  const pending = () => client.request({ method: 'txpool_status', params: [] } as never)
  await expect.poll(pending).toMatchObject({ pending: '0x1' })
  stopped.abort(new Error('over'))
  await expect(sent).rejects.toThrow('over')
})
