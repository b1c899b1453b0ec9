import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addBundle,
  bundleTypedData,
  captureChallenges,
  createGovernedFeed,
  epochStart,
  localPrivateKey,
  provePossession,
  readChallengesOf,
  registerDevice,
  setCreditTerms,
} from '@cairn/chain'
import { fromHex, onboardDigestInput, toHex } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import { standardSectors } from '@cairn/sector-standard'
import {
  type ContractChain,
  type ContractNetwork,
  createContractNetwork,
  runCairn,
  startContractChain,
} from '@cairn/testing'
import { zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeNetworkFile } from '../../network-file.ts'

/** The owner owns the network and device 0, the second operator device 1. */
const [owner, payer, second, signer, stranger] = [0, 2, 3, 4, 5]
const proving = { periodEpochs: 4, windowEpochs: 1, challenges: 3 }
/** A credit for a leaf and period, 2³⁵ for a TiB. */
const price = '34359.738368'
let home: string
let local: ContractChain
let net: ContractNetwork

const cairn = async (account: number, ...args: string[]) => {
  const env = { CAIRN_KEY: localPrivateKey(account) }
  const named = ['--network', 'meadow', ...args]
  const { exitCode, value, stderr } = await runCairn<Record<string, unknown>>({ home, env, args: named })
  return { exitCode, value, error: exitCode === 1 ? JSON.parse(stderr).error : undefined }
}
const rail = (account: number, ...args: string[]) => cairn(account, 'storage', 'rail', ...args)
const periodAt = (epoch: number) => local.goTo(epochStart(net.timeline, epoch))
const goToPeriod = (period: number) => periodAt(period * proving.periodEpochs)
const goToWindow = (period: number) => periodAt((period + 1) * proving.periodEpochs - proving.windowEpochs)
const capture = () =>
  local.send(owner, captureChallenges(local.deployment, { network: net.network, ...proving }))

/** One piece of two leaves. */
const leaves = [1, 2].map((byte) => new Uint8Array(32).fill(byte))
const rootOf = () => {
  const node = createHash('sha256').update(leaves[0]!).update(leaves[1]!).digest()
  node[31]! &= 0x3f
  return toHex(node)
}

async function addPiece(id: bigint): Promise<void> {
  const bundle = { rail: id, piece: 0, root: rootOf(), leaves: 2n }
  const signature = await local.account(signer).signTypedData(bundleTypedData(local.deployment, bundle))
  await local.send(owner, addBundle(local.deployment, { bundle, signature }))
}

async function prove(set: bigint): Promise<void> {
  await capture()
  const { challenges } = await readChallengesOf(local, { set })
  const proofs = challenges.map(({ leaf }) => ({
    leaf: toHex(leaves[Number(leaf)]!),
    path: [toHex(leaves[1 - Number(leaf)]!)],
  }))
  await local.send(owner, provePossession(local.deployment, { set, proofs }))
}

const offerOf = (device: number) => [
  ...['storage', 'offer', 'set', String(device), '--url', `https://device-${device}.example`],
  ...['--country', 'CH', '--capacity', '1TiB', '--storage-price', price, '--egress-price', '0.5'],
  ...['--period', '4', '--window', '1', '--challenges', '3'],
]

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cairn-rails-'))
  local = await startContractChain()
  const { deployment } = local
  net = await createContractNetwork(local, {
    sector: standardSectors.get('wireless')!,
    devices: 1,
    verifiers: [],
    timeline: { genesis: BigInt((await local.now()) + 5_000) },
    salt: 1,
  })
  const { network } = net
  const device = deviceSigner(generateDevicePrivateKey())
  const signature = device.sign(onboardDigestInput(network, fromHex(local.account(second).address), 0))
  await local.send(
    second,
    registerDevice(deployment, { network, deviceClass: 0, key: device.key, signature }),
  )
  const answer = { owner: local.account(owner).address, decimals: 8, answer: 100_000_000n }
  const feed = await createGovernedFeed(local.submitter(owner), answer)
  const priceTerms = {
    feed,
    confidenceFeed: zeroAddress,
    decimals: 8,
    maxAgeSeconds: 86_400,
    forgetSeconds: 86_400,
    maxDeviationBps: 5_000,
    maxConfidenceBps: 100,
  }
  const creditTerms = { price: priceTerms, refundSeconds: 60, sellerBps: [10_000, 0, 0, 0] } as const
  await local.send(owner, setCreditTerms(deployment, { network, terms: creditTerms }))
  const file = { name: 'meadow', rpcUrl: local.chain.url, network, deployment, sources: [] }
  await writeNetworkFile(home, file)
}, 120_000)
afterAll(async () => {
  await local.chain.kill()
  await rm(home, { recursive: true, force: true })
})

test('default: terms are set, and a device is offered', async () => {
  const terms = ['--lost-after', '1', '--notice', '1', '--repair-periods', '2', '--repair-price', price]
  const set = ['storage', 'terms', 'set', ...terms, '--held', '2:50']
  const proposal = await cairn(stranger, ...set, '--proposal')
  expect(proposal.value).toMatchObject({ to: local.deployment.addresses.storageOffers })
  expect((await cairn(stranger, ...set)).error.message).toContain('NotOwner')
  expect((await cairn(owner, ...set)).exitCode).toBe(0)
  expect((await cairn(stranger, 'storage', 'terms', 'show')).value).toEqual({
    version: 0,
    program: 0,
    lostAfter: 1,
    noticePeriods: 1,
    repairPeriods: 2,
    repairPrice: 2 ** 35,
    heldUntil: [2, 2, 2, 2],
    heldBps: [5_000, 0, 0, 0],
  })
  expect((await cairn(owner, ...offerOf(0))).exitCode).toBe(0)
  expect((await cairn(stranger, 'storage', 'offer', 'show', '0', '--size', '64')).value).toMatchObject({
    owner: local.account(owner).address,
    open: true,
    url: 'https://device-0.example',
    country: 'CH',
    storagePrice: 2 ** 35,
    egressPrice: 500_000,
    capacityBytes: 2 ** 40,
    proving,
    delegate: zeroAddress,
    quote: { perPeriod: 2, needed: 4 },
  })
}, 60_000)

test('default: a rail is opened, funded, proven, settled, ended, and left', async () => {
  expect((await cairn(payer, 'credits', 'buy', '0.001')).exitCode).toBe(0)
  const named = ['--signer', local.account(signer).address]
  const opened = await rail(payer, 'open', '0', '0.000003', '--size', '64', ...named)
  expect(opened.value).toMatchObject({
    quote: { bytes: 64, perPeriod: 2, needed: 4 },
    rail: 0,
    payer: local.account(payer).address,
    signer: local.account(signer).address,
    credits: 3,
    perPeriod: 0,
    coveredUntil: null,
  })
  const funded = await rail(payer, 'fund', '0', '0.000097', '--size', '63')
  expect(funded.value).toMatchObject({ quote: { bytes: 64, perPeriod: 2 }, credits: 100 })
  await addPiece(0n)
  await goToWindow(0)
  await prove(0n)
  const shown = { state: 'running', bytes: 64, pieces: 1, perPeriod: 2, needed: 4, faults: 0 }
  const earned = { earned: 2, held: 1, due: 1, paid: 0, provenPeriods: 1, lastPeriod: null }
  const before = await rail(stranger, 'show', '0')
  expect(before.value).toMatchObject({ ...shown, ...earned })
  expect(before.value.coveredUntil).toBeGreaterThan(40)
  expect((await rail(stranger, 'settle', '0')).value).toMatchObject({ now: 1, paid: 1, credits: 99, due: 0 })
  expect((await rail(stranger, 'end', '0')).error.message).toContain('NotParty')
  expect((await rail(payer, 'end', '0')).value).toMatchObject({ state: 'ended', lastPeriod: 1 })
  expect((await rail(payer, 'withdraw', '0')).error.message).toContain('NotOver')
  await goToWindow(1)
  await prove(0n)
  await goToPeriod(2)
  expect((await rail(stranger, 'withdraw', '0')).value).toMatchObject({ withdrawn: 96, credits: 3 })
  expect((await rail(stranger, 'settle', '0')).value).toMatchObject({
    now: 3,
    earned: 4,
    paid: 4,
    credits: 0,
  })
  expect((await cairn(payer, 'credits', 'show')).value).toMatchObject({ credits: 996 })
}, 90_000)

test('behavior: a rail that missed is lost, and another operator is paid for its repair', async () => {
  const named = ['--signer', local.account(signer).address]
  expect((await rail(payer, 'open', '0', '0.0001', ...named)).value).toMatchObject({ rail: 1, credits: 100 })
  await addPiece(1n)
  await goToWindow(2)
  expect((await rail(stranger, 'lose', '1')).error.message).toContain('NotLost')
  await capture()
  await goToPeriod(3)
  expect((await rail(stranger, 'lose', '1')).value).toMatchObject({ state: 'lost', faults: 1, isLost: true })
  expect((await cairn(second, ...offerOf(1))).exitCode).toBe(0)
  const repair = (account: number, ...args: string[]) => cairn(account, 'storage', 'repair', ...args)
  const claimed = { rail: 2, device: 1, state: 'repairing', lost: 1, copied: 1, bytes: 64, repairUntil: 5 }
  expect((await repair(second, 'claim', '1', '1')).value).toMatchObject(claimed)
  await goToWindow(3)
  await prove(2n)
  await goToPeriod(4)
  const completed = { rail: 2, state: 'running', reward: 2, credits: 100 }
  expect((await repair(stranger, 'complete', '2')).value).toMatchObject(completed)
}, 90_000)

test('error: no rail by a closed offer, above a price, or of what is no size or country', async () => {
  const dear = await rail(payer, 'open', '0', '0.00001', '--most-storage-price', '1')
  expect(dear.error.message).toContain('PriceAbove')
  expect((await cairn(owner, 'storage', 'offer', 'close', '0')).exitCode).toBe(0)
  const closed = await rail(payer, 'open', '0', '0.00001')
  expect(closed.error).toMatchObject({ code: 'no_offer', value: '0' })
  const shown = await cairn(payer, 'storage', 'offer', 'show', '0', '--size', '1GiB')
  expect(shown.value).toMatchObject({ open: false, quote: null })
  const none = await cairn(payer, 'storage', 'offer', 'show', '7')
  expect(none.error).toMatchObject({ code: 'no_offer', value: '7' })
  expect((await rail(payer, 'open', '0', '1', '--size', '1TB')).exitCode).toBe(2)
  expect((await cairn(owner, ...offerOf(0), '--country', 'ch')).exitCode).toBe(2)
  const held = ['storage', 'terms', 'set', '--repair-price', '1', '--held', '2:101']
  expect((await cairn(owner, ...held)).exitCode).toBe(2)
}, 60_000)

test('default: an operator leaves with one command, and again is told what is left', async () => {
  const list = async (...args: string[]) =>
    (await rail(stranger, 'list', ...args)).value as unknown as object[]
  expect(await list()).toMatchObject([
    { rail: 0, state: 'ended' },
    { rail: 2, state: 'running' },
  ])
  expect(await list('--all', '--device', '0')).toMatchObject([{ rail: 0 }, { rail: 1, state: 'closed' }])
  expect(await list('--signer', local.account(stranger).address)).toEqual([])
  expect(await list('--payer', local.account(payer).address, '--device', '1')).toMatchObject([{ rail: 2 }])

  const exit = (account: number) => cairn(account, 'agent', 'exit', '1')
  expect((await exit(stranger)).error.message).toContain('NotDeviceOwner')
  const { value: left } = await exit(second)
  expect(left).toMatchObject({ device: 1, isOver: false, rails: [{ rail: 2, state: 'ended', due: 0 }] })
  const [{ lastPeriod }] = left.rails as [{ lastPeriod: number }]
  expect(left.goesOnUntil).toBe(epochStart(net.timeline, (lastPeriod + 1) * proving.periodEpochs))
  expect((await cairn(stranger, 'storage', 'offer', 'show', '1')).value).toMatchObject({ open: false })
  expect((await exit(second)).value).toMatchObject({ isOver: false, goesOnUntil: left.goesOnUntil })
  await goToPeriod(lastPeriod + 1)
  expect((await exit(second)).value).toMatchObject({ isOver: true, goesOnUntil: null })
}, 90_000)
