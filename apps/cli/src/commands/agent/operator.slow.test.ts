import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDeviceKey, openDevice } from '@cairn/agent'
import {
  epochStart,
  localPrivateKey,
  openRail,
  readDataSet,
  readRedeemedOf,
  storageDomain,
  voucherTypedData,
} from '@cairn/chain'
import { fromHex, type Hex, toHex } from '@cairn/protocol'
import { createVerifyP256, type DeviceSigner, sha256 } from '@cairn/runtime'
import { standardTools } from '@cairn/sector-standard'
import {
  type CairnProcess,
  type ContractChain,
  type ContractNetwork,
  runCairn,
  startCairn,
  startContractChain,
} from '@cairn/testing'
import { zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeNetworkFile } from '../../network-file.ts'
import type { StatusFile } from '../../services/status-file.ts'
import { createRailNetwork, owner, payer, proving } from '../../storage/rail-network.fixture.ts'
import type { OperatorStatus } from '../../storage/storage-seam.ts'

const { createOperatorClient, createOrderSource, derivePiece, encodeDescriptor, signBundle, sortBundleRows } =
  await standardTools.storage()

const env = { CAIRN_KEY: localPrivateKey(owner), CAIRN_PASSPHRASE: 'meadow' }
let home: string
let local: ContractChain
let net: ContractNetwork
let signer: DeviceSigner
let agent: CairnProcess | undefined

const args = ['--network', 'meadow', 'agent', 'run', '--sector', 'storage', '--port', '0']
const paying = ['--pay-from', '0.002', '--pay-every', '1s', '--bandwidth', '50MiB', '--metrics-port', '0']
const start = async () => {
  agent = await startCairn({ home, name: 'operator', env, args: [...args, ...paying, '--capacity', '1GiB'] })
  return agent
}
const status = async () =>
  JSON.parse(await readFile(join(home, 'operator', 'meadow', '0', 'status.json'), 'utf8')).status

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-storage-agent-'))
  local = await startContractChain()
  const key = { folder: join(home, 'devices', 'meadow'), name: 'disk', passphrase: env.CAIRN_PASSPHRASE }
  await createDeviceKey(key)
  signer = (await openDevice({ ...key, index: 0 })).signer
  net = await createRailNetwork(local, signer)
  const { network } = net
  const rpcUrl = local.chain.url
  await writeNetworkFile(home, { name: 'meadow', rpcUrl, network, deployment: local.deployment, sources: [] })
}, 120_000)
afterAll(async () => {
  await agent?.kill()
  local.chain.kill()
  await rm(home, { recursive: true, force: true })
})

test('default: an agent keeps rows, is killed, starts again, proves a period, and is paid', async () => {
  const { deployment } = local
  const { network } = net
  const first = await start()
  expect(first.ready).toMatchObject({ device: 0, rows: 0, sets: 0 })
  const opening = { network, device: 0, signer: zeroAddress, mostStoragePrice: 2n ** 35n }
  await local.send(payer, openRail(deployment, { ...opening, mostEgressPrice: 2n ** 40n, credits: 500_000n }))

  await expect.poll(status, { timeout: 20_000, interval: 200 }).toMatchObject({ sets: 1 })
  const { chainId, verifyingContract } = storageDomain(deployment)
  const context = { chainId, verifyingContract, network }
  const customer = local.account(payer).address.toLowerCase() as Hex
  const sign = async (digest: Uint8Array) =>
    fromHex(await local.account(payer).sign!({ hash: toHex(digest) }))
  const client = createOperatorClient({
    url: String(first.ready.url),
    network,
    device: 0,
    key: signer.key,
    verifyP256: createVerifyP256(),
    sha256,
    orders: createOrderSource({
      context,
      customer,
      device: 0,
      sign,
      maxBytes: 2 ** 24,
      seconds: 3_600,
      nowSeconds: () => Math.floor(Date.now() / 1_000),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    }),
  })
  const bytes = crypto.getRandomValues(new Uint8Array(60_000))
  const { root, height } = derivePiece(bytes)
  const sizes = { sizeBytes: bytes.length, dataRows: 1, rows: 2 }
  const descriptor = encodeDescriptor({
    kind: 'content',
    customer,
    sequence: 0n,
    ...sizes,
    roots: [root, root],
  })
  const slab = sha256(descriptor)
  await client.putRow({ slab, row: 0, descriptor, bytes })
  const rows = sortBundleRows([{ slab, row: 0, height, root }])
  await client.submitBundle(await signBundle(sign, context, { rail: 0n, piece: 0, rows }))
  // Read and paid for: the voucher is with the operator, or on chain already, when it is killed.
  const voucher = {
    network,
    payer: customer,
    program: 0,
    seller: local.account(owner).address,
    expiresAt: 2n ** 40n,
  }
  const sum = BigInt(bytes.length)
  await client.fetchRow({ slab, row: 0, rowBytes: bytes.length })
  const typed = voucherTypedData(deployment, { ...voucher, cumulative: sum })
  await client.exchangeVoucher({
    ...voucher,
    sum,
    signature: await local.account(payer).signTypedData(typed),
  })
  client.close()
  // It may or may not have brought the bundle to the chain by now: what was agreed on is kept either way.
  await first.kill()

  const second = await start()
  expect(second.ready).toMatchObject({ rows: 1, rowBytes: 60_000, bundles: 1 })
  const metrics = await (await fetch(String(second.ready.metricsUrl))).text()
  expect(metrics).toMatch(/^cairn_operator_row_bytes\{program="operator"\} 60000$/m)
  expect(metrics).toMatch(/^cairn_operator_problems\{program="operator"\} 0$/m)
  const pieces = async () => (await readDataSet(local, { set: 0n })).pieces
  await expect.poll(pieces, { timeout: 20_000, interval: 200 }).toBe(1)
  await local.goTo(epochStart(net.timeline, proving.periodEpochs - proving.windowEpochs))
  await expect.poll(status, { timeout: 20_000, interval: 200 }).toMatchObject({
    proofs: 1,
    faults: 0,
    lastProven: { 0: 0 },
    problems: {},
    pay: { owed: '0', acknowledged: '0', due: '0', settled: '2048', problems: {} },
  })
  expect(await readRedeemedOf(local, voucher)).toBe(sum)
  const told = () =>
    runCairn<StatusFile<OperatorStatus>>({
      home,
      args: ['--network', 'meadow', 'agent', 'status', '--sector', 'storage'],
    })
  expect((await told()).value).toMatchObject({ isRunning: true, status: { rows: 1, proofs: 1 } })
  await second.stop()
  expect(await second.exited).toBe(0)
  expect((await told()).value).toMatchObject({ isRunning: false, status: { rows: 1 } })
}, 90_000)

test('error: a sector without an operator, and no room said', async () => {
  const run = async (...more: string[]) => {
    const command = ['--network', 'meadow', 'agent', 'run', '--sector', ...more]
    const { stderr, exitCode } = await runCairn({ home, env, args: command })
    expect(exitCode).toBe(1)
    return JSON.parse(stderr.trim().split('\n').at(-1)!).error
  }
  expect(await run('template')).toMatchObject({ code: 'no_operator', field: 'sector' })
  expect(await run('storage')).toMatchObject({ code: 'no_capacity', field: 'capacity' })
}, 60_000)
