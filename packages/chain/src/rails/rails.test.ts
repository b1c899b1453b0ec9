import { createHash } from 'node:crypto'
import { fromHex, onboardDigestInput, toHex } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import { parseEther, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBondOf } from '../bonds/bond-of.ts'
import { depositBond } from '../bonds/deposit-bond.ts'
import { setBondTerms } from '../bonds/set-bond-terms.ts'
import { slashPossession } from '../bonds/slash-possession.ts'
import type { Call } from '../call.ts'
import { startTestNetwork, type TestNetwork } from '../deploy/network.fixture.ts'
import { registerDevice } from '../devices/register.ts'
import { readCreditAccountOf } from '../payments/account-of.ts'
import { buyCredits } from '../payments/buy-credits.ts'
import { createGovernedFeed } from '../payments/create-governed-feed.ts'
import { setCreditTerms } from '../payments/set-credit-terms.ts'
import { captureChallenges } from '../possession/capture-challenges.ts'
import { readChallengesOf } from '../possession/challenges-of.ts'
import { provePossession } from '../possession/prove-possession.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { epochStart } from '../timeline.ts'
import { executeOperation, scheduleOperation } from '../timelock/schedule.ts'
import { approve } from '../token/approve.ts'
import { readActsFor } from './acts-for.ts'
import { addBundle } from './add-bundle.ts'
import { bundleTypedData } from './bundle.ts'
import { closeStorageOffer } from './close-storage-offer.ts'
import { completeRepair } from './complete-repair.ts'
import { copyPieces } from './copy-pieces.ts'
import { endRail } from './end-rail.ts'
import { failRepair } from './fail-repair.ts'
import { fundRail } from './fund-rail.ts'
import { loseRail } from './lose-rail.ts'
import { openRail } from './open-rail.ts'
import { readOfferQuote } from './quote-offer.ts'
import { readRailQuote } from './quote-rail.ts'
import { readRail } from './rail.ts'
import { readRailAccountOf } from './rail-account-of.ts'
import { readRailCount } from './rail-count.ts'
import { readRailOf } from './rail-of.ts'
import { readRailTermsOf } from './rail-terms-of.ts'
import { removeBundles } from './remove-bundles.ts'
import { setRailSigner } from './set-rail-signer.ts'
import { type RailTerms, setRailTerms } from './set-rail-terms.ts'
import { type StorageOffer, setStorageOffer } from './set-storage-offer.ts'
import { settleRail } from './settle-rail.ts'
import { readStorageOfferOf } from './storage-offer-of.ts'
import { succeedRail } from './succeed-rail.ts'
import { withdrawRail } from './withdraw-rail.ts'

const [governor, payer, first, second, signer] = [0, 1, 2, 3, 4]
const proving = { periodEpochs: 4, windowEpochs: 1, challenges: 3 }
/** A credit for each leaf and period. */
const price = 2n ** 35n
const terms: RailTerms = {
  program: 0,
  lostAfter: 1,
  repairPeriods: 2,
  noticePeriods: 1,
  repairPrice: price,
  heldUntil: [2, 2, 2, 2],
  heldBps: [5_000, 0, 0, 0],
}
let local: TestChain
let net: TestNetwork

const send = async (index: number, call: Call) => void (await local.submitter(index).submit(call))
const reader = () => ({ client: local.client, deployment: net.deployment })
const address = (index: number) => local.account(index).address
const goToPeriod = (period: number) => net.goTo(epochStart(net.timeline, period * proving.periodEpochs))
const goToWindow = (period: number) =>
  net.goTo(epochStart(net.timeline, (period + 1) * proving.periodEpochs - proving.windowEpochs))
const capture = () => send(governor, captureChallenges(net.deployment, { network: net.network, ...proving }))

/** One piece of two leaves. */
const leaves = [1, 2].map((byte) => new Uint8Array(32).fill(byte))
const rootOf = () => {
  const node = createHash('sha256').update(leaves[0]!).update(leaves[1]!).digest()
  node[31]! &= 0x3f
  return toHex(node)
}

async function byOwner(call: Call, nonce: number): Promise<void> {
  const salt = `0x${String(nonce).padStart(64, '0')}` as const
  const operation = { timelock: net.owner, call, salt } as const
  await send(governor, scheduleOperation(operation, 1))
  await local.rpc('evm_increaseTime', 2)
  await send(governor, executeOperation(operation))
}

async function prove(set: bigint): Promise<void> {
  await capture()
  const { challenges } = await readChallengesOf(reader(), { set })
  const proofs = challenges.map(({ leaf }) => ({
    leaf: toHex(leaves[Number(leaf)]!),
    path: [toHex(leaves[1 - Number(leaf)]!)],
  }))
  await send(governor, provePossession(net.deployment, { set, proofs }))
}

const offerOf = (index: number): StorageOffer => ({
  url: `https://operator-${index}.example`,
  country: 'CH',
  storagePrice: price,
  egressPrice: 7n,
  capacityBytes: 2n ** 40n,
  proving,
  delegate: zeroAddress,
})

beforeAll(async () => {
  local = await startTestChain()
  net = await startTestNetwork(local, `0x${'4a'.repeat(32)}`)
  const { deployment, network, token } = net
  const feed = await createGovernedFeed(local.submitter(governor), {
    owner: address(governor),
    decimals: 8,
    answer: 100_000_000n,
  })
  const feedTerms = {
    feed,
    confidenceFeed: zeroAddress,
    decimals: 8,
    maxAgeSeconds: 3_600,
    forgetSeconds: 86_400,
    maxDeviationBps: 5_000,
    maxConfidenceBps: 100,
  }
  const creditTerms = { price: feedTerms, refundSeconds: 60, sellerBps: [10_000, 0, 0, 0] } as const
  await byOwner(setCreditTerms(deployment, { network, terms: creditTerms }), 1)
  await byOwner(setRailTerms(deployment, { network, terms }), 2)
  const bondTerms = {
    faultProgram: 2,
    forgiveEpochs: 24,
    scores: [1, 4, 8, 16],
    bps: [1_000, 2_000, 5_000, 10_000],
  } as const
  await byOwner(setBondTerms(deployment, { network, terms: bondTerms }), 3)
  await send(payer, approve({ token, spender: deployment.addresses.credits, amount: parseEther('100') }))
  await send(
    payer,
    buyCredits(deployment, { network, payer: address(payer), credits: 1_000n, maxTokens: parseEther('1') }),
  )
  for (const index of [first, second]) {
    const device = deviceSigner(generateDevicePrivateKey())
    const signature = device.sign(onboardDigestInput(network, fromHex(address(index)), 0))
    await send(index, registerDevice(deployment, { network, deviceClass: 0, key: device.key, signature }))
    const offer = offerOf(index)
    await send(index, setStorageOffer(deployment, { network, device: index - first, offer }))
  }
}, 120_000)
afterAll(() => local.chain.kill())

test('default: an offer becomes a rail, whose bundles both sides agreed on', async () => {
  const { deployment, network } = net
  expect((await readRailTermsOf(reader(), { network })).terms).toEqual(terms)
  const offered = await readStorageOfferOf(reader(), { network, device: 0 })
  expect(offered).toEqual({ ...offerOf(first), owner: address(first), open: true })
  expect(await readActsFor(reader(), { network, device: 0, account: address(first) })).toBe(true)
  const quote = { perPeriod: 2n, needed: 4n }
  expect(await readOfferQuote(reader(), { network, device: 0, leaves: 2n })).toEqual(quote)

  const opening = { network, device: 0, signer: zeroAddress, mostStoragePrice: price, mostEgressPrice: 7n }
  await send(payer, openRail(deployment, { ...opening, credits: 3n }))
  await send(payer, setRailSigner(deployment, { rail: 0n, signer: address(signer) }))
  expect(await readRailCount(reader())).toBe(1n)
  expect(await readRailOf(reader(), { network, payer: address(payer), device: 0 })).toBe(0n)
  expect(await readRailOf(reader(), { network, payer: address(payer), device: 1 })).toBeUndefined()
  expect(await readRailQuote(reader(), { rail: 0n, leaves: 2n })).toEqual(quote)

  const bundle = { rail: 0n, piece: 0, root: rootOf(), leaves: 2n }
  const signature = await local.account(signer).signTypedData(bundleTypedData(deployment, bundle))
  const adding = addBundle(deployment, { bundle, signature })
  await expect(send(first, adding)).rejects.toMatchObject({ errorName: 'NotCovered' })
  await send(payer, fundRail(deployment, { rail: 0n, credits: 97n }))
  await expect(send(second, adding)).rejects.toMatchObject({ errorName: 'NotOperator' })
  await send(first, adding)
  await expect(send(first, adding)).rejects.toMatchObject({ errorName: 'NotSigned' })
  await expect(send(first, removeBundles(deployment, { rail: 0n, pieces: [0] }))).rejects.toMatchObject({
    errorName: 'NotParty',
  })
})

test('default: anybody settles what was proven, less what is held back', async () => {
  await goToWindow(0)
  await prove(0n)
  await send(second, settleRail(net.deployment, { rail: 0n }))
  expect(await readRailAccountOf(reader(), { rail: 0n })).toMatchObject({
    credits: 99n,
    earned: 2n,
    held: 1n,
    due: 0n,
    perPeriod: 2n,
    lastPeriod: undefined,
    provenPeriods: 1,
    isLost: false,
  })
})

test('default: a lost rail costs its operator, and is repaired by another for a reward', async () => {
  const { deployment, network, token } = net
  await send(first, approve({ token, spender: deployment.addresses.operatorBonds, amount: parseEther('10') }))
  await send(first, depositBond(deployment, { network, index: 0, amount: parseEther('10') }))
  await goToWindow(1)
  await capture()
  await goToPeriod(2)
  await send(second, loseRail(deployment, { rail: 0n }))
  await send(second, slashPossession(deployment, { set: 0n }))
  expect((await readBondOf(reader(), { network, index: 0 })).amount).toBe(parseEther('9'))

  await send(second, succeedRail(deployment, { lost: 0n, device: 1 }))
  await expect(send(governor, failRepair(deployment, { rail: 1n }))).rejects.toMatchObject({
    errorName: 'RepairNotDue',
  })
  await send(governor, copyPieces(deployment, { rail: 1n, most: 9 }))
  await goToWindow(2)
  await prove(1n)
  await expect(send(governor, completeRepair(deployment, { rail: 1n }))).rejects.toMatchObject({
    errorName: 'NotOver',
  })
  await goToPeriod(3)
  await send(governor, completeRepair(deployment, { rail: 1n }))
  expect(await readRail(reader(), { rail: 0n })).toMatchObject({ state: 'closed', successor: 1n })
  expect(await readRail(reader(), { rail: 1n })).toMatchObject({ state: 'running', lost: 0n, reward: 3n })
  expect(await readRailAccountOf(reader(), { rail: 1n })).toMatchObject({ credits: 99n, due: 4n })
})

test('default: an ended rail gives back what it does not owe', async () => {
  const { deployment, network } = net
  await send(second, closeStorageOffer(deployment, { network, device: 1 }))
  await send(payer, endRail(deployment, { rail: 1n }))
  expect((await readRailAccountOf(reader(), { rail: 1n })).lastPeriod).toBe(4)
  await goToWindow(3)
  await prove(1n)
  await goToWindow(4)
  await prove(1n)
  await goToPeriod(5)
  await send(governor, withdrawRail(deployment, { rail: 1n }))
  await send(governor, settleRail(deployment, { rail: 1n }))
  expect(await readRailAccountOf(reader(), { rail: 1n })).toMatchObject({ credits: 0n, earned: 6n, held: 0n })
  const account = await readCreditAccountOf(reader(), { network, payer: address(payer) })
  expect(account.credits).toBe(1_000n - 1n - 6n - 3n)
})
