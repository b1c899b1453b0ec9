import { fromHex, onboardDigestInput, rootId } from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import { type Address, parseEther, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Call } from '../call.ts'
import { commitChallenge } from '../challenges/commit.ts'
import { proveWrongPayout } from '../challenges/prove-wrong-payout.ts'
import { startTestNetwork, type TestNetwork } from '../deploy/network.fixture.ts'
import { oneDeviceRoot } from '../deploy/one-device-root.fixture.ts'
import { registerDevice } from '../devices/register.ts'
import { type FollowedNetwork, followNetwork } from '../follow/follow-network.ts'
import { attest } from '../settlement/attest.ts'
import { finalise } from '../settlement/finalise.ts'
import { readHasAttested } from '../settlement/has-attested.ts'
import { resolve } from '../settlement/resolve.ts'
import { announce } from '../stake/announce.ts'
import { readWeightOf } from '../stake/weight-of.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { availabilityEnd, epochStart } from '../timeline.ts'
import { approve } from '../token/approve.ts'
import { readBalanceOf } from '../token/balance-of.ts'
import { createdPool, createPool } from './create-pool.ts'
import { delegate } from './delegate.ts'
import { readDelegationOf } from './delegation-of.ts'
import { readIsPool } from './is-pool.ts'
import { completePoolExit, requestPoolExit, startPoolExit, withdrawDelegation } from './leave-pool.ts'
import { readPool } from './read-pool.ts'
import { takeCommission } from './take-commission.ts'
import { tendPool } from './tend-pool.ts'
import { throughPool } from './through-pool.ts'

const [deviceOwner, operator, delegator, watcher] = [1, 2, 3, 4]
const terms = { commissionBps: 1_000, mostCommissionBps: 2_000, selfBps: 4_000 }
let local: TestChain
let net: TestNetwork
let followed: FollowedNetwork
let pool: Address

const send = async (index: number, call: Call) => void (await local.submitter(index).submit(call))
const reader = () => ({ client: local.client, deployment: net.deployment })
const address = (index: number) => local.account(index).address
const actor = () => throughPool(local.submitter(operator), { deployment: net.deployment, pool })
const delegationOf = (index: number) =>
  readDelegationOf(reader(), { pool, holder: address(index), throughBatch: 1 })

/** A network whose only verifier is a pool: 40 of its operator, 60 of a delegator, from epoch 0 on. */
async function startPool(salt: `0x${string}`): Promise<void> {
  net = await startTestNetwork(local, salt)
  const { deployment, network, token } = net
  const device = deviceSigner(generateDevicePrivateKey())
  const signature = device.sign(onboardDigestInput(network, fromHex(address(deviceOwner)), 0))
  await send(deviceOwner, registerDevice(deployment, { network, deviceClass: 0, key: device.key, signature }))
  const made = await local.submitter(operator).submit(createPool(deployment, { network, terms }))
  if (made.status !== 'mined') throw new Error('The pool was not made.')
  pool = createdPool(made.receipt)!
  for (const [index, amount] of [
    [operator, parseEther('40')],
    [delegator, parseEther('60')],
  ] as const) {
    await send(index, approve({ token, spender: pool, amount }))
    await send(index, delegate({ pool, amount }))
  }
  followed = followNetwork({ client: local.client, deployment, network })
  await followed.sync()
}

beforeAll(async () => {
  local = await startTestChain()
  await startPool(`0x${'d1'.repeat(32)}`)
}, 60_000)
afterAll(() => local.chain.kill())

test('default: what is delegated is at stake, and the operator acts in its name', async () => {
  const { deployment, network } = net
  expect(await readIsPool(reader(), { pool })).toBe(true)
  expect(await readIsPool(reader(), { pool: zeroAddress })).toBe(false)
  const weight = await readWeightOf(reader(), { network, role: 'verifier', holder: pool, epoch: 0 })
  expect(weight).toBe(parseEther('100'))
  expect(await readPool(reader(), { pool })).toMatchObject({ network, terms, totalAssets: parseEther('100') })
  const url = 'https://pool.example'
  expect(actor().address).toBe(pool)
  await actor().submit(announce(deployment, { network, role: 'verifier', url }))
  await followed.sync()
  expect(followed.history.stakes.endpoints('verifier')).toEqual([{ holder: pool, url }])
  const stranger = throughPool(local.submitter(watcher), { deployment, pool })
  await expect(
    stranger.submit(announce(deployment, { network, role: 'verifier', url })),
  ).rejects.toMatchObject({ errorName: 'NotOperator' })
})

test('default: a root attested through the pool pays its delegators, less the commission', async () => {
  const { deployment, network, timeline, token } = net
  const { root, tops } = oneDeviceRoot(followed.history, {
    last: 0,
    work: [1n, 0n, 0n, 0n],
    payout: parseEther('9'),
  })
  await net.goTo(availabilityEnd(timeline, 0))
  await actor().submit(attest(deployment, { network, root, tops, streamDigest: `0x${'00'.repeat(32)}` }))
  const id = rootId(network, root)
  expect(await readHasAttested(reader(), { rootId: id, verifier: pool })).toBe(true)
  await local.rpc('evm_increaseTime', timeline.challengeSeconds + 1)
  await send(watcher, finalise(deployment, { rootId: id }))
  // Not one of the pool's own calls: it goes straight.
  await actor().submit(resolve(deployment, { rootId: id, verifier: pool }))

  expect(await readPool(reader(), { pool })).toMatchObject({
    totalAssets: parseEther('100.9'),
    commission: parseEther('0.1'),
  })
  expect((await delegationOf(delegator)).assets / 10n ** 9n).toBe(60_539_999_999n)
  await send(watcher, tendPool({ pool }))
  const had = await readBalanceOf(reader(), { token, account: address(operator) })
  await send(watcher, takeCommission({ pool }))
  const has = await readBalanceOf(reader(), { token, account: address(operator) })
  expect(has - had).toBe(parseEther('0.1'))
})

test('default: a delegator leaves with a batch, and is paid', async () => {
  const { timeline, token } = net
  const { shares } = await delegationOf(delegator)
  await send(delegator, requestPoolExit({ pool, shares }))
  await send(watcher, startPoolExit({ pool }))
  expect((await readPool(reader(), { pool })).leaving).toMatchObject({ batch: 0 })
  await expect(send(watcher, completePoolExit({ pool }))).rejects.toMatchObject({ errorName: 'ExitTooEarly' })
  await local.rpc('evm_increaseTime', timeline.exitSeconds + 1)
  await send(watcher, completePoolExit({ pool }))
  const { exits } = await delegationOf(delegator)
  expect(exits).toMatchObject([{ batch: 0, paid: true }])
  const had = await readBalanceOf(reader(), { token, account: address(delegator) })
  await send(watcher, withdrawDelegation({ pool, batch: 0, holder: address(delegator) }))
  const has = await readBalanceOf(reader(), { token, account: address(delegator) })
  expect(has - had).toBe(exits[0]!.assets)
  expect((await delegationOf(delegator)).exits).toEqual([])
})

test('default: a false root costs all that was delegated', async () => {
  await startPool(`0x${'d2'.repeat(32)}`)
  const { deployment, network, timeline } = net
  const payout = parseEther('8')
  const { root, tops, work } = oneDeviceRoot(followed.history, { last: 0, work: [1n, 0n, 0n, 0n], payout })
  await net.goTo(epochStart(timeline, 1))
  await net.goTo(availabilityEnd(timeline, 0))
  const salt = `0x${'00'.repeat(32)}` as const
  await actor().submit(attest(deployment, { network, root, tops, streamDigest: salt }))
  const proof = { cumulative: payout, siblings: new Uint8Array() }
  const challenge = proveWrongPayout(deployment, { network, root, payout: proof, work, salt })
  await send(watcher, commitChallenge(address(watcher), challenge))
  await local.rpc('evm_mine')
  await send(watcher, challenge)
  await send(watcher, resolve(deployment, { rootId: rootId(network, root), verifier: pool }))
  expect(await readPool(reader(), { pool })).toMatchObject({ totalAssets: 0n })
  expect((await delegationOf(delegator)).assets).toBe(0n)
})
