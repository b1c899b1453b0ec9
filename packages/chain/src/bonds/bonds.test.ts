import { fromHex, onboardDigestInput, rootId } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import { parseEther, zeroHash } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Call } from '../call.ts'
import { startTestNetwork, type TestNetwork } from '../deploy/network.fixture.ts'
import { type OneDeviceRoot, oneDeviceRoot } from '../deploy/one-device-root.fixture.ts'
import { registerDevice } from '../devices/register.ts'
import { followNetwork } from '../follow/follow-network.ts'
import { attest } from '../settlement/attest.ts'
import { finalise } from '../settlement/finalise.ts'
import { deposit } from '../stake/deposit.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { availabilityEnd, epochStart } from '../timeline.ts'
import { executeOperation, scheduleOperation } from '../timelock/schedule.ts'
import { approve } from '../token/approve.ts'
import { readBalanceOf } from '../token/balance-of.ts'
import { readBondOf } from './bond-of.ts'
import { readBondTermsAt } from './bond-terms-at.ts'
import { clearBondExit } from './clear-bond-exit.ts'
import { depositBond } from './deposit-bond.ts'
import { readIsBonded } from './is-bonded.ts'
import { readIsExecuted } from './is-executed.ts'
import { readLeastBondOf } from './least-bond-of.ts'
import { requestBondExit } from './request-bond-exit.ts'
import { readScoreOf } from './score-of.ts'
import { type BondTerms, setBondTerms } from './set-bond-terms.ts'
import { setLeastBond } from './set-least-bond.ts'
import { slashOperator } from './slash-operator.ts'
import { withdrawBond } from './withdraw-bond.ts'

const [governor, operator, verifier, stranger] = [0, 1, 2, 3]
const salt = `0x${'b0'.repeat(32)}` as const
const terms: BondTerms = {
  faultProgram: 2,
  forgiveEpochs: 10,
  scores: [1, 3, 6, 12],
  bps: [100, 1_000, 5_000, 10_000],
}
let local: TestChain
let net: TestNetwork
let faulty: OneDeviceRoot

const send = async (index: number, call: Call) => void (await local.submitter(index).submit(call))
const reader = () => ({ client: local.client, deployment: net.deployment })
const govern = async (call: Call) => {
  const operation = { timelock: net.owner, call, salt } as const
  await send(governor, scheduleOperation(operation, 1))
  await local.rpc('evm_increaseTime', 2)
  await send(governor, executeOperation(operation))
}

beforeAll(async () => {
  local = await startTestChain()
  net = await startTestNetwork(local, salt)
  const { deployment, network, token } = net
  const { operatorBonds, stake } = deployment.addresses
  const device = deviceSigner(generateDevicePrivateKey())
  const signature = device.sign(onboardDigestInput(network, fromHex(local.account(operator).address), 0))
  await send(operator, registerDevice(deployment, { network, deviceClass: 0, key: device.key, signature }))
  await send(verifier, approve({ token, spender: stake, amount: parseEther('10') }))
  await send(verifier, deposit(deployment, { network, role: 'verifier', amount: parseEther('10') }))
  await govern(setBondTerms(deployment, { network, terms }))
  await govern(setLeastBond(deployment, { network, deviceClass: 0, amount: parseEther('50') }))
  for (const index of [operator, stranger])
    await send(index, approve({ token, spender: operatorBonds, amount: parseEther('1000') }))
}, 60_000)
afterAll(() => local.chain.kill())

test('default: a device is bonded from the least of its class on', async () => {
  const { deployment, network } = net
  const device = { network, index: 0 }
  expect(await readLeastBondOf(reader(), { network, deviceClass: 0 })).toBe(parseEther('50'))
  await send(operator, depositBond(deployment, { ...device, amount: parseEther('40') }))
  expect(await readIsBonded(reader(), device)).toBe(false)
  await send(stranger, depositBond(deployment, { ...device, amount: parseEther('60') }))
  expect(await readIsBonded(reader(), device)).toBe(true)
  expect(await readBondOf(reader(), device)).toMatchObject({ amount: parseEther('100'), score: 0 })
  expect(await readBondTermsAt(reader(), { network, epoch: 0 })).toEqual(terms)
})

test('default: a final root slashes by the ladder, and whoever executes it has a twentieth', async () => {
  const { deployment, network, timeline, token } = net
  const followed = followNetwork({ client: local.client, deployment, network })
  await net.goTo(epochStart(timeline, 0))
  await send(operator, requestBondExit(deployment, { network, index: 0, amount: parseEther('100') }))
  await followed.sync()
  faulty = oneDeviceRoot(followed.history, { last: 0, work: [1n, 0n, 3n, 0n], payout: parseEther('9') })
  const { root, tops, work } = faulty
  await net.goTo(availabilityEnd(timeline, 0))
  await send(verifier, attest(deployment, { network, root, tops, streamDigest: salt }))
  const slash = slashOperator(deployment, { network, root, work })
  await expect(send(stranger, slash)).rejects.toMatchObject({ errorName: 'RootNotFinal' })
  const id = rootId(network, root)
  await local.rpc('evm_increaseTime', timeline.challengeSeconds + 1)
  await send(stranger, finalise(deployment, { rootId: id }))
  const had = await readBalanceOf(reader(), { token, account: local.account(stranger).address })
  await send(stranger, slash)
  expect(await readBondOf(reader(), { network, index: 0 })).toMatchObject({ amount: parseEther('90') })
  expect(await readScoreOf(reader(), { network, index: 0, epoch: 1 })).toBe(3)
  expect(await readScoreOf(reader(), { network, index: 0, epoch: 11 })).toBe(2)
  expect(await readIsExecuted(reader(), { rootId: id, index: 0 })).toBe(true)
  expect((await readBalanceOf(reader(), { token, account: local.account(stranger).address })) - had).toBe(
    parseEther('0.5'),
  )
  await expect(send(stranger, slash)).rejects.toMatchObject({ errorName: 'AlreadyExecuted' })
})

test('default: what is left leaves when its epochs are settled', async () => {
  const { deployment, network, timeline } = net
  const device = { network, index: 0 }
  const clear = clearBondExit(deployment, { ...device, rootId: zeroHash })
  await expect(send(stranger, clear)).rejects.toMatchObject({ errorName: 'EvidenceStillOpen' })
  await expect(send(operator, withdrawBond(deployment, device))).rejects.toMatchObject({
    errorName: 'ExitNotCleared',
    fix: expect.stringContaining('clearBondExit'),
  })
  await net.goTo(epochStart(timeline, 9))
  await send(stranger, clear)
  await local.rpc('evm_increaseTime', timeline.responseSeconds + 1)
  await send(operator, withdrawBond(deployment, device))
  expect(await readBondOf(reader(), device)).toMatchObject({ amount: 0n, exiting: 0n, score: 3 })
})

test('error: a network without terms says so', async () => {
  const other = await startTestNetwork(local, `0x${'b1'.repeat(32)}`)
  const at = { client: local.client, deployment: other.deployment }
  expect(await readBondTermsAt(at, { network: other.network, epoch: 5 })).toBeUndefined()
})
