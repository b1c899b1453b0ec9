import { createHash } from 'node:crypto'
import { fromHex, onboardDigestInput, toHex } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Call } from '../call.ts'
import { startTestNetwork, type TestNetwork } from '../deploy/network.fixture.ts'
import { registerDevice } from '../devices/register.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { epochStart } from '../timeline.ts'
import { addPieces } from './add-pieces.ts'
import { captureChallenges } from './capture-challenges.ts'
import { type LeafChallenge, readChallengesOf } from './challenges-of.ts'
import { createDataSet } from './create-data-set.ts'
import { readDataSet } from './data-set.ts'
import { readDataSetCount } from './data-set-count.ts'
import { readFaultsOf } from './faults-of.ts'
import { readIsCaptured } from './is-captured.ts'
import { readIsProven } from './is-proven.ts'
import { readPieceOf } from './piece-of.ts'
import { provePossession } from './prove-possession.ts'
import { recordFaults } from './record-faults.ts'
import { removePieces } from './remove-pieces.ts'
import { scheduleRemovals } from './schedule-removals.ts'
import { terminateDataSet } from './terminate-data-set.ts'

const [operator, stranger] = [1, 2]
const terms = { periodEpochs: 4, windowEpochs: 1, challenges: 3 }
const set = 0n
let local: TestChain
let net: TestNetwork

const send = async (index: number, call: Call) => void (await local.submitter(index).submit(call))
const reader = () => ({ client: local.client, deployment: net.deployment })
const goToPeriod = (period: number) => net.goTo(epochStart(net.timeline, period * terms.periodEpochs))
const goToWindow = (period: number) =>
  net.goTo(epochStart(net.timeline, (period + 1) * terms.periodEpochs - terms.windowEpochs))
const capture = async () =>
  send(stranger, captureChallenges(net.deployment, { network: net.network, ...terms }))

/** Piece `i`: 8 leaves that are told apart. */
const leavesOf = (i: number) => Array.from({ length: 8 }, (_, k) => new Uint8Array(32).fill(16 * i + k + 1))
const parentsOf = (nodes: readonly Uint8Array[]) =>
  nodes.flatMap((left, i) => {
    if (i % 2 === 1) return []
    const node = createHash('sha256')
      .update(left)
      .update(nodes[i + 1]!)
      .digest()
    node[31]! &= 0x3f
    return [new Uint8Array(node)]
  })
const levelsOf = (i: number) => {
  const levels: Uint8Array[][] = [leavesOf(i)]
  while (levels.at(-1)!.length > 1) levels.push(parentsOf(levels.at(-1)!))
  return levels
}
const pieceOf = (i: number) => ({ root: toHex(levelsOf(i).at(-1)![0]!), leaves: 8n })
const proofOf = ({ piece, leaf }: LeafChallenge) => {
  const levels = levelsOf(piece)
  const siblings = levels.slice(0, -1).map((nodes, level) => nodes[(Number(leaf) >> level) ^ 1]!)
  return { leaf: toHex(levels[0]![Number(leaf)]!), path: siblings.map((sibling) => toHex(sibling)) }
}

beforeAll(async () => {
  local = await startTestChain()
  net = await startTestNetwork(local, `0x${'57'.repeat(32)}`)
  const { deployment, network } = net
  const device = deviceSigner(generateDevicePrivateKey())
  const signature = device.sign(onboardDigestInput(network, fromHex(local.account(operator).address), 0))
  await send(operator, registerDevice(deployment, { network, deviceClass: 0, key: device.key, signature }))
}, 60_000)
afterAll(() => local.chain.kill())

test('default: a set of a device takes pieces', async () => {
  const { deployment, network } = net
  await send(operator, createDataSet(deployment, { network, device: 0, terms }))
  expect(await readDataSetCount(reader())).toBe(1n)
  await send(operator, addPieces(deployment, { set, pieces: [pieceOf(0), pieceOf(1), pieceOf(2)] }))
  expect(await readPieceOf(reader(), { set, piece: 1 })).toEqual(pieceOf(1))
  expect(await readDataSet(reader(), { set })).toEqual({
    network,
    device: 0,
    terms,
    leaves: 24n,
    pieces: 3,
    faults: 0,
    accounted: 0,
    lastProven: undefined,
    lastPeriod: undefined,
    pendingRemovals: 0,
    railed: false,
    provenPeriods: 0,
    leafPeriods: 0n,
  })
})

test('error: another than the owner adds nothing', async () => {
  const adding = addPieces(net.deployment, { set, pieces: [pieceOf(3)] })
  await expect(send(stranger, adding)).rejects.toMatchObject({ errorName: 'NotDeviceOwner' })
})

test('default: a period is proven in its window, by anybody', async () => {
  const proofs = [0, 1, 2].map((piece) => proofOf({ piece, leaf: 0n }))
  const early = provePossession(net.deployment, { set, proofs })
  await expect(send(stranger, early)).rejects.toMatchObject({ errorName: 'WindowNotOpen' })
  await goToWindow(0)
  expect((await readChallengesOf(reader(), { set })).challenges).toEqual([])
  await capture()
  const { period, challenges } = await readChallengesOf(reader(), { set })
  expect(period).toBe(0)
  expect(challenges).toHaveLength(3)
  await send(stranger, provePossession(net.deployment, { set, proofs: challenges.map(proofOf) }))
  expect(await readIsProven(reader(), { set, period: 0 })).toBe(true)
  expect((await readDataSet(reader(), { set })).lastProven).toBe(0)
})

test('default: a missed period is a fault that anybody records', async () => {
  await goToWindow(1)
  await capture()
  const { network } = net
  expect(await readIsCaptured(reader(), { network, ...terms, period: 1 })).toBe(true)
  expect(await readFaultsOf(reader(), { set })).toBe(0)
  await goToPeriod(2)
  expect(await readFaultsOf(reader(), { set })).toBe(1)
  expect((await readDataSet(reader(), { set })).faults).toBe(0)
  await send(stranger, recordFaults(net.deployment, { set }))
  expect(await readDataSet(reader(), { set })).toMatchObject({ faults: 1, accounted: 2 })
})

test('default: scheduled pieces go in the next period', async () => {
  await send(operator, scheduleRemovals(net.deployment, { set, pieces: [0, 2] }))
  expect((await readDataSet(reader(), { set })).pendingRemovals).toBe(2)
  await goToPeriod(3)
  await send(stranger, removePieces(net.deployment, { set, most: 10 }))
  expect(await readDataSet(reader(), { set })).toMatchObject({ leaves: 8n, pendingRemovals: 0 })
  await expect(readPieceOf(reader(), { set, piece: 0 })).rejects.toThrow('PieceUnknown')
})

test('default: a terminated set owes its last period and no more', async () => {
  await send(operator, terminateDataSet(net.deployment, { set }))
  expect((await readDataSet(reader(), { set })).lastPeriod).toBe(3)
  for (const period of [3, 4]) {
    await goToWindow(period)
    await capture()
  }
  const { challenges } = await readChallengesOf(reader(), { set })
  expect(challenges).toEqual([])
  await goToPeriod(6)
  expect(await readFaultsOf(reader(), { set })).toBe(2)
  const proving = provePossession(net.deployment, { set, proofs: [] })
  await expect(send(operator, proving)).rejects.toMatchObject({ errorName: 'WindowNotOpen' })
  await goToWindow(6)
  await expect(send(operator, proving)).rejects.toMatchObject({ errorName: 'SetEnded' })
})
