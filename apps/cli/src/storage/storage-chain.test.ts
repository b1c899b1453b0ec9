import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  approve,
  type Call,
  closeStorageOffer,
  depositBond,
  endRail,
  epochStart,
  followNetwork,
  openRail,
  readBondOf,
  readRail,
  readRailAccountOf,
  setBondTerms,
  setRailSigner,
  setVoucherSigner,
  slashPossession,
  voucherTypedData,
  withdrawRail,
} from '@cairn/chain'
import { fromHex, type Hex, toHex } from '@cairn/protocol'
import { createVerifyP256, deviceSigner, generateDevicePrivateKey, sha256, systemClock } from '@cairn/runtime'
import { standardOperators, standardTools } from '@cairn/sector-standard'
import { type ContractChain, type ContractNetwork, startContractChain } from '@cairn/testing'
import { parseEther, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createStorageChain } from './create-storage-chain.ts'
import { followRails } from './follow-rails.ts'
import { createGatewayChain } from './gateway-chain.ts'
import { createRailNetwork, governor, owner, payer, proving } from './rail-network.fixture.ts'
import type { RunningOperator, StorageChain } from './storage-seam.ts'

const { createOperatorClient, createOrderSource, derivePiece, encodeDescriptor, signBundle, sortBundleRows } =
  await standardTools.storage()

const signer = deviceSigner(generateDevicePrivateKey())
const log = { info: () => {}, warn: () => {}, error: () => {} }
let local: ContractChain
let net: ContractNetwork
let folder: string
let operator: RunningOperator | undefined

const address = (index: number) => local.account(index).address
const lower = (hex: Hex) => hex.toLowerCase() as Hex
const send = (index: number, call: Call) => local.send(index, call)
const goToWindow = (period: number) =>
  local.goTo(epochStart(net.timeline, (period + 1) * proving.periodEpochs - proving.windowEpochs))
const chainOf = (account: number = owner): StorageChain =>
  createStorageChain(
    { client: local.client, deployment: local.deployment },
    {
      network: net.network,
      timeline: net.timeline,
      device: 0,
      account: local.account(account),
      submitter: local.submitter(account),
      rails: followRails(local, { network: net.network, device: 0, nowMs: Date.now, goodForMs: 0 }),
    },
  )
const start = async () => {
  const createOperator = await standardOperators.get('storage')!()
  operator = await createOperator({
    network: net.network,
    device: 0,
    signer,
    chain: chainOf(),
    settings: {
      dataFolder: folder,
      capacityBytes: 2 ** 24,
      host: '127.0.0.1',
      port: 0,
      pollMs: 50,
      keptSeconds: 86_400,
      allowanceBytes: 2 ** 20,
      leastPayCredits: 1_000n,
      payEveryMs: 50,
    },
    clock: systemClock(),
    log,
  })
  return operator
}
const signDigest = async (digest: Uint8Array) =>
  fromHex(await local.account(payer).sign!({ hash: toHex(digest) }))
const clientOf = (url: string) =>
  createOperatorClient({
    url,
    network: net.network,
    device: 0,
    key: signer.key,
    verifyP256: createVerifyP256(),
    sha256,
    orders: createOrderSource({
      context: chainOf().context,
      customer: lower(address(payer)),
      device: 0,
      sign: signDigest,
      maxBytes: 2 ** 24,
      seconds: 3_600,
      nowSeconds: () => Math.floor(Date.now() / 1_000),
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    }),
  })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-operator-'))
  local = await startContractChain()
  net = await createRailNetwork(local, signer)
}, 120_000)
afterAll(async () => {
  await operator?.stop()
  local.chain.kill()
  await rm(folder, { recursive: true, force: true })
})

const bytes = crypto.getRandomValues(new Uint8Array(20_000))
const { root, height } = derivePiece(bytes)
const describe = () =>
  encodeDescriptor({
    kind: 'content',
    customer: lower(address(payer)),
    sequence: 0n,
    sizeBytes: bytes.length,
    dataRows: 1,
    rows: 2,
    roots: [root, root],
  })

test('default: rows are kept on a rail, agreed on, and proven after a restart', async () => {
  const running = await start()
  const client = clientOf(running.url)
  const descriptor = describe()
  const upload = { slab: sha256(descriptor), row: 0, descriptor, bytes }
  await expect(client.putRow(upload)).rejects.toMatchObject({ code: 'no_rail' })
  const opening = { network: net.network, device: 0, signer: zeroAddress, mostStoragePrice: 2n ** 35n }
  await send(payer, openRail(local.deployment, { ...opening, mostEgressPrice: 2n ** 40n, credits: 500_000n }))
  await client.putRow(upload)
  const rows = sortBundleRows([{ slab: upload.slab, row: 0, height, root }])
  const { context } = chainOf()
  const wrong = await signBundle(signDigest, context, { rail: 0n, piece: 1, rows })
  await expect(client.submitBundle(wrong)).rejects.toMatchObject({ code: 'bundle_refused' })
  await client.submitBundle(await signBundle(signDigest, context, { rail: 0n, piece: 0, rows }))
  await expect.poll(() => chainOf().readNextPiece(0n), { timeout: 10_000 }).toBe(1)

  client.close()
  await running.stop()
  const again = await start()
  await goToWindow(0)
  await expect
    .poll(() => again.status(), { timeout: 20_000 })
    .toMatchObject({
      rows: 1,
      bundles: 1,
      waitingBundles: 0,
      sets: 1,
      proofs: 1,
      faults: 0,
      lastProven: { 0: 0 },
      problems: {},
    })
}, 60_000)

test('default: a voucher for what was read is answered by a meter; one that is worth nothing is refused', async () => {
  const chain = chainOf()
  const voucher = {
    network: net.network,
    payer: lower(address(payer)),
    seller: address(owner),
    program: 0,
    expiresAt: 2n ** 40n,
  }
  const sign = async (cumulative: bigint, by = payer) =>
    local.account(by).signTypedData(voucherTypedData(local.deployment, { ...voucher, cumulative }))
  const good = { ...voucher, sum: 20n, signature: await sign(20n) }
  expect(await chain.verifyVoucher(good)).toBeUndefined()
  expect(await chain.verifyVoucher({ ...good, sum: 21n })).toContain('SignerNotAllowed')
  expect(await chain.verifyVoucher({ ...good, program: 1 })).toContain('program 0')
  expect(await chain.verifyVoucher({ ...good, expiresAt: 1n })).toContain('ends in less than')
  expect((await chain.signMeter(good)).signature).toMatch(/^0x[0-9a-f]{130}$/)
  expect(await chain.findRepair(lower(address(3)), lower(address(payer)))).toBeUndefined()
}, 30_000)

test('default: a gateway finds its rails, and its vouchers are good once the payer has said so', async () => {
  const { client, deployment } = local
  const { network } = net
  const followed = followNetwork({ client, deployment, network })
  const gateway = createGatewayChain(
    { client, deployment, file: { network }, followed },
    new Uint8Array(32).fill(3),
  )
  expect(await gateway.readRails()).toEqual([])
  await send(payer, setRailSigner(deployment, { rail: 0n, signer: gateway.customer }))
  const [rail] = await gateway.readRails()
  expect(rail).toMatchObject({
    ...{ rail: 0n, set: 0n, state: 'running', device: 0, pieces: 1, proving },
    ...{ payer: lower(address(payer)), owner: lower(address(owner)) },
    offer: { url: 'https://operator.example', country: 'CH' },
  })
  expect(rail!.deviceKey).toEqual(signer.key)
  expect(await gateway.readNextPiece(0n)).toBe(1)
  expect((await gateway.readPiece(0n, 0))?.leaves).toBeGreaterThan(0)
  expect(await gateway.readPiece(0n, 1)).toBeUndefined()

  const program = await gateway.readVoucherProgram()
  const sum = { network, payer: rail!.payer, seller: rail!.owner, program, sum: 30n, expiresAt: 2n ** 40n }
  const voucher = await gateway.signVoucher(sum)
  expect(await gateway.isVoucherSigner(rail!.payer)).toBe(false)
  expect(await chainOf().verifyVoucher(voucher)).toContain('SignerNotAllowed')
  await send(payer, setVoucherSigner(deployment, { network, signer: gateway.customer, until: 2n ** 40n }))
  expect(await gateway.isVoucherSigner(rail!.payer)).toBe(true)
  expect(await chainOf().verifyVoucher(voucher)).toBeUndefined()
  expect(await gateway.readRedeemed(sum)).toBe(0n)
  await send(payer, setRailSigner(deployment, { rail: 0n, signer: zeroAddress }))
  expect(await gateway.readRails()).toEqual([])
}, 30_000)

test('default: an operator redeems the vouchers it took and settles its rails, once, over a restart', async () => {
  const running = operator!
  const voucher = { network: net.network, payer: lower(address(payer)), program: 0, expiresAt: 2n ** 40n }
  const signed = async (sum: bigint) => {
    const seller = lower(address(owner))
    const typed = voucherTypedData(local.deployment, { ...voucher, seller, cumulative: sum })
    return { ...voucher, seller, sum, signature: await local.account(payer).signTypedData(typed) }
  }
  const statusOf = (each: RunningOperator) => expect.poll(() => each.status(), { timeout: 10_000 })
  const client = clientOf(running.url)
  const rowBytes = bytes.length
  expect(toHex(await client.fetchRow({ slab: sha256(describe()), row: 0, rowBytes }))).toBe(toHex(bytes))
  await statusOf(running).toMatchObject({ pay: { owed: '20000', settled: '1024' } })

  const small = await signed(900n)
  await client.exchangeVoucher(small)
  await statusOf(running).toMatchObject({ pay: { owed: '19100', acknowledged: '900' } })
  expect(await chainOf().readRedeemed(small)).toBe(0n)
  const whole = await signed(20_000n)
  await client.exchangeVoucher(whole)
  const had = { owed: '0', acknowledged: '0', due: '0', problems: {} }
  await statusOf(running).toMatchObject({ pay: { ...had, redeemed: '20000' } })
  expect(await chainOf().readRedeemed(whole)).toBe(20_000n)

  client.close()
  await running.stop()
  const again = await start()
  await chainOf()
    .redeem(whole)
    .then(
      () => expect.unreachable('a voucher paid twice'),
      (error) => expect(error).toMatchObject({ errorName: 'NothingDue' }),
    )
  await statusOf(again).toMatchObject({ pay: { ...had, redeemed: '0', settled: '0' } })
  expect((await readRail(local, { rail: 0n })).paid).toBe(1_024n)
}, 60_000)

test('default: an operator leaves: it takes no row, proves through the notice, and has its bond and all its pay', async () => {
  const { deployment } = local
  const { network, token } = net
  const amount = parseEther('10')
  const scores = [1, 4, 8, 16] as const
  const ladder = { faultProgram: 2, forgiveEpochs: 24, scores, bps: [1_000, 2_000, 5_000, 10_000] } as const
  await send(governor, setBondTerms(deployment, { network, terms: ladder }))
  await send(payer, approve({ token, spender: deployment.addresses.operatorBonds, amount }))
  await send(payer, depositBond(deployment, { network, index: 0, amount }))
  const running = operator!
  const client = clientOf(running.url)
  const slab = sha256(describe())

  await send(owner, closeStorageOffer(deployment, { network, device: 0 }))
  await send(owner, endRail(deployment, { rail: 0n }))
  const { period, lastPeriod } = await readRailAccountOf(local, { rail: 0n })
  expect(lastPeriod).toBe(period + 1)
  const upload = { slab, row: 1, descriptor: describe(), bytes }
  await expect(client.putRow(upload)).rejects.toMatchObject({ code: 'rail_ended' })
  await goToWindow(lastPeriod!)
  await expect
    .poll(() => running.status(), { timeout: 20_000 })
    .toMatchObject({ lastProven: { 0: lastPeriod }, faults: 0 })
  expect(toHex(await client.fetchRow({ slab, row: 0, rowBytes: bytes.length }))).toBe(toHex(bytes))

  await local.goTo(epochStart(net.timeline, (lastPeriod! + 1) * proving.periodEpochs))
  await expect
    .poll(() => running.status(), { timeout: 20_000 })
    .toMatchObject({ bundles: 0, faults: 0, pay: { due: '0', settled: '1024', problems: {} } })
  await expect(client.fetchRow({ slab, row: 0, rowBytes: bytes.length })).rejects.toMatchObject({
    code: 'no_rail',
  })
  expect((await readRail(local, { rail: 0n })).paid).toBe(2_048n)
  expect((await readBondOf(local, { network, index: 0 })).amount).toBe(amount)
  await expect(send(governor, slashPossession(deployment, { set: 0n }))).rejects.toThrow()
  await send(payer, withdrawRail(deployment, { rail: 0n }))
  expect((await readRailAccountOf(local, { rail: 0n })).credits).toBe(0n)
  client.close()
}, 60_000)

test("behavior: an agent with another key than the owner's takes vouchers once the owner has named it, and the owner is paid", async () => {
  const { deployment } = local
  const { network } = net
  const agent = 5
  const chain = chainOf(agent)
  const voucher = {
    ...{ network, payer: lower(address(payer)), seller: address(owner), program: 0, expiresAt: 2n ** 40n },
  }
  const typed = voucherTypedData(deployment, { ...voucher, cumulative: 30_000n })
  const signed = { ...voucher, sum: 30_000n, signature: await local.account(payer).signTypedData(typed) }
  expect(await chain.verifyVoucher(signed)).toContain('MeterNotSigned')
  await send(owner, setVoucherSigner(deployment, { network, signer: address(agent), until: 2n ** 40n }))
  expect(await chain.verifyVoucher(signed)).toBeUndefined()
  await chain.redeem(signed)
  expect(await chain.readRedeemed(signed)).toBe(30_000n)
  expect(await chain.verifyVoucher({ ...signed, seller: address(agent) })).toContain('seller has to be')
}, 30_000)
