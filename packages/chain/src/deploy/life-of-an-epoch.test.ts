import {
  buildPayoutTree,
  buildWorkTree,
  carryTags,
  deriveTops,
  deviceId,
  emptyLeaf,
  encodePayoutLeaf,
  fromHex,
  onboardDigestInput,
  type Root,
  rootId,
  rotateDigestInput,
  rulesetHash,
  toHex,
  verdictTags,
} from '@cairn/protocol'
import { deviceSigner, generateDevicePrivateKey } from '@cairn/runtime'
import { parseEther, zeroHash } from 'viem'
import { readContract } from 'viem/actions'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readBudgetOf } from '../budgets/budget-of.ts'
import type { Call } from '../call.ts'
import { commitChallenge } from '../challenges/commit.ts'
import { readCommittedAt } from '../challenges/committed-at.ts'
import { proveEquivocation } from '../challenges/prove-equivocation.ts'
import { readClaimedOf } from '../devices/claimed-of.ts'
import { readIsDeviceCountAt } from '../devices/is-device-count-at.ts'
import { readIsKeyAt } from '../devices/is-key-at.ts'
import { readDeviceOwner } from '../devices/owner-of.ts'
import { registerDevice } from '../devices/register.ts'
import { revokeDevice } from '../devices/revoke.ts'
import { rotateDevice } from '../devices/rotate.ts'
import { readDisputeOf } from '../disputes/dispute-of.ts'
import { openHidden } from '../disputes/open-hidden.ts'
import { showLeaf } from '../disputes/show-leaf.ts'
import { captureBeacon } from '../evidence/capture-beacon.ts'
import { commitEvidence } from '../evidence/commit.ts'
import { recoverReceiptSigner, signGroupCommit } from '../evidence/group-commit-signature.ts'
import { markUnavailable } from '../evidence/mark-unavailable.ts'
import { readSlotOf } from '../evidence/slot-of.ts'
import { followDisputes } from '../follow/follow-disputes.ts'
import { type FollowedNetwork, followNetwork } from '../follow/follow-network.ts'
import { evidenceAbi } from '../generated/evidence.ts'
import { adoptRuleset } from '../networks/adopt-ruleset.ts'
import { readConfigOf } from '../networks/config-of.ts'
import { readNetworkOwner } from '../networks/owner-of.ts'
import { readRulesetAt } from '../networks/ruleset-at.ts'
import { attest } from '../settlement/attest.ts'
import { finalise } from '../settlement/finalise.ts'
import { readHead } from '../settlement/head.ts'
import { readRecordOf } from '../settlement/record-of.ts'
import { resolve } from '../settlement/resolve.ts'
import { readRootCovering } from '../settlement/root-covering.ts'
import { announce } from '../stake/announce.ts'
import { deposit } from '../stake/deposit.ts'
import { readHolders } from '../stake/holders.ts'
import { requestExit } from '../stake/request-exit.ts'
import { readSlashableOf } from '../stake/slashable-of.ts'
import { readTotalWeight } from '../stake/total-weight.ts'
import { readWeightOf } from '../stake/weight-of.ts'
import { withdraw } from '../stake/withdraw.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { attestEnd, availabilityEnd, epochEnd, epochStart, sealEnd } from '../timeline.ts'
import { executeOperation, scheduleOperation } from '../timelock/schedule.ts'
import { approve } from '../token/approve.ts'
import { readBalanceOf } from '../token/balance-of.ts'
import { claim } from '../vault/claim.ts'
import { claimAuthorizationTypedData } from '../vault/claim-authorization.ts'
import { claimWithAuthorization } from '../vault/claim-with-authorization.ts'
import { rulesets, startTestNetwork, type TestNetwork } from './network.fixture.ts'

let local: TestChain
let net: TestNetwork
let followed: FollowedNetwork
const salt = `0x${'5a'.repeat(32)}` as const
const [operator, ingest, verifier, watcher] = [1, 2, 3, 4] as const
const device = deviceSigner(generateDevicePrivateKey())
const nextDevice = deviceSigner(generateDevicePrivateKey())

beforeAll(async () => {
  local = await startTestChain()
  net = await startTestNetwork(local, salt)
  followed = followNetwork({ client: local.client, deployment: net.deployment, network: net.network })
}, 60_000)
afterAll(() => local.chain.kill())

const send = (index: number, call: Call) => local.submitter(index).submit(call)
const reader = () => ({ client: local.client, deployment: net.deployment })
const bond = async (index: number, role: 'ingest' | 'verifier', amount: bigint) => {
  const { token, network, deployment } = net
  await send(index, approve({ token, spender: deployment.addresses.stake, amount }))
  await send(index, deposit(deployment, { network, role, amount }))
}
const payout = () => parseEther('18')

/** The root of epochs 0 and 1: one device, all of the pot. */
function deriveRoot(): { root: Root; tops: ReturnType<typeof deriveTops> } {
  const { history } = followed
  const payouts = buildPayoutTree([payout()])
  const work = buildWorkTree([
    { index: 0, work: [1n, 0n, 0n, 0n], verdictHash: emptyLeaf(verdictTags), verdictCount: 0 },
  ])
  const evidence = history.slots.evidenceSet(0, 1)
  const root: Root = {
    parent: zeroHash,
    first: 0,
    last: 1,
    evidenceEnd: evidence.end,
    evidenceSet: evidence.set,
    ruleset: history.rulesetAt(1)!.hash,
    deviceCount: history.snapshotAt(1).deviceCount,
    payoutHash: toHex(payouts.hash),
    payoutSum: payout(),
    workHash: toHex(work.hash),
    workSums: [1n, 0n, 0n, 0n],
    carryHash: toHex(emptyLeaf(carryTags)),
    carryCount: 0,
    partitionHash: zeroHash,
  }
  return { root, tops: deriveTops(payouts, work) }
}

test('default: a network is created with token, timelock and a full reserve', async () => {
  const { network, deployment, token, reserve, timeline, owner } = net
  expect(await readConfigOf(reader(), { network })).toMatchObject({ name: 'Test', timeline, token })
  expect(await readNetworkOwner(reader(), { network })).toBe(owner)
  expect(net).toMatchObject({ emissionTotal: parseEther('175'), firstEmission: parseEther('10') })
  expect(await readBalanceOf(reader(), { token, account: reserve })).toBe(net.emissionTotal)
  await followed.sync()
  expect(followed.history.creation).toMatchObject({ vault: net.vault, reserve })
  expect(followed.history.timeline).toEqual(timeline)
  expect(deployment.block).toBeLessThanOrEqual(followed.position)
})

test('default: devices and bonds of before genesis count from epoch 0', async () => {
  const { network, deployment } = net
  const owner = local.account(operator).address
  const signature = device.sign(onboardDigestInput(network, fromHex(owner), 0))
  await send(operator, registerDevice(deployment, { network, deviceClass: 0, key: device.key, signature }))
  await bond(ingest, 'ingest', parseEther('20'))
  await bond(verifier, 'verifier', parseEther('20'))
  await send(verifier, announce(deployment, { network, role: 'verifier', url: 'https://verifier.example' }))
  await followed.sync()

  const { history } = followed
  expect(history.snapshotAt(0).device(0)?.key).toEqual(device.key)
  expect(await readIsDeviceCountAt(reader(), { network, epoch: 0, count: 1 })).toBe(true)
  expect(await readIsKeyAt(reader(), { network, index: 0, epoch: 0, key: device.key })).toBe(true)
  expect(await readDeviceOwner(reader(), { network, index: 0 })).toBe(owner)
  expect(history.stakes.endpoints('verifier')).toEqual([
    { holder: local.account(verifier).address, url: 'https://verifier.example' },
  ])
  expect(history.stakes.totalWeight('verifier', 0)).toBe(
    await readTotalWeight(reader(), { network, role: 'verifier', epoch: 0 }),
  )
  expect(await readHolders(reader(), { network, role: 'ingest' })).toEqual(history.stakes.holders('ingest'))
})

test('default: a rotation and a ruleset of epoch 0 act from epoch 1', async () => {
  const { network, deployment, timeline, owner } = net
  await net.goTo(epochStart(timeline, 0) + 1)
  const message = rotateDigestInput(deviceId(network, 0), fromHex(local.account(operator).address))
  await send(
    operator,
    rotateDevice(deployment, { network, index: 0, key: nextDevice.key, signature: nextDevice.sign(message) }),
  )
  const call = adoptRuleset(deployment, { network, document: rulesets[1]! })
  const operation = { timelock: owner, call, salt }
  await send(0, scheduleOperation(operation, 1))
  await net.goTo(epochStart(timeline, 0) + 10)
  await send(0, executeOperation(operation))
  await followed.sync()
  for (const epoch of [0, 1]) {
    const key = [device, nextDevice][epoch]!.key
    expect(followed.history.snapshotAt(epoch).device(0)?.key).toEqual(key)
    expect(await readIsKeyAt(reader(), { network, index: 0, epoch, key })).toBe(true)
    const { hash, fromEpoch } = await readRulesetAt(reader(), { network, epoch })
    expect(followed.history.rulesetAt(epoch)).toMatchObject({ hash, fromEpoch, document: rulesets[epoch] })
    expect(hash).toBe(rulesetHash(rulesets[epoch]!))
  }
})

test('default: evidence that can not be had is put off to the next sealing', async () => {
  const { network, deployment, timeline } = net
  await net.goTo(epochEnd(timeline, 0))
  await send(ingest, commitEvidence(deployment, { network, epoch: 0, root: salt, count: 3, sizeBytes: 900 }))
  await send(watcher, captureBeacon(deployment, { network, epoch: 1 }))
  await net.goTo(sealEnd(timeline, 0))
  await send(verifier, markUnavailable(deployment, { network, slot: 0 }))
  await followed.sync()

  const { slots } = followed.history
  expect(slots.list).toHaveLength(2)
  for (const { slot, ...entry } of slots.list) {
    const { sizeBytes, ...known } = await readSlotOf(reader(), { network, slot })
    expect(entry).toMatchObject({ ...known, sizeBytes: Number(sizeBytes) })
  }
  for (const last of [0, 1, 2]) {
    const { end, set } = slots.evidenceSet(0, last)
    const args = [network, 0, end, last, set] as const
    const isRight = await readContract(local.client, {
      address: deployment.addresses.evidence,
      abi: evidenceAbi,
      functionName: 'isEvidenceSet',
      args,
    })
    expect(isRight).toBe(true)
  }
  expect(followed.history.beaconOf(0)).toBeDefined()
  expect(followed.history.phaseOf(0, sealEnd(timeline, 0))).toBe('availability')
})

test('default: a root is attested and accepted', async () => {
  const { network, deployment, timeline } = net
  expect((await readBudgetOf(reader(), { network, first: 0, last: 1 }))[0]).toBe(payout())
  const { root, tops } = deriveRoot()
  const call = attest(deployment, { network, root, tops, streamDigest: salt })
  await net.goTo(availabilityEnd(timeline, 1) - 2)
  await expect(send(verifier, call)).rejects.toMatchObject({ errorName: 'NotAttesting', args: { last: 1 } })
  await net.goTo(availabilityEnd(timeline, 1))
  await send(verifier, call)
  await followed.sync()

  const { roots } = followed.history
  const id = rootId(network, root)
  expect(roots.head).toMatchObject({ rootId: id, root, state: 'challengeable' })
  expect(roots.head?.attestations[0]).toMatchObject({ weight: parseEther('20'), streamDigest: salt })
  expect(await readHead(reader(), { network })).toBe(id)
  expect(await readRootCovering(reader(), { network, epoch: 1 })).toBe(roots.covering(1)?.rootId)
  expect(followed.history.phaseOf(0, attestEnd(timeline, 1))).toBe('challengeable')
})

test('default: a dispute is announced, opened, and lost when the leaf is shown', async () => {
  const { network, deployment, token } = net
  const { root } = deriveRoot()
  const challenger = local.account(watcher).address
  await send(watcher, approve({ token, spender: deployment.addresses.disputes, amount: parseEther('5') }))
  const open = openHidden(deployment, { network, root, tree: 'payout', salt })
  await expect(send(watcher, open)).rejects.toMatchObject({ errorName: 'NotCommitted' })
  await send(watcher, commitChallenge(challenger, open))
  expect(await readCommittedAt(reader(), challenger, open)).toBeDefined()
  await local.rpc('evm_mine')
  await send(watcher, open)
  const watched = followDisputes({ client: local.client, deployment, network })
  await watched.sync()
  const [dispute] = watched.disputes.open
  expect(dispute).toMatchObject({
    kind: 2,
    tree: 'payout',
    challenger,
    turn: 'answerer',
    height: 0,
    position: 0,
  })
  const { id, dueAt } = dispute!
  const record = await readDisputeOf(reader(), { id })
  expect(record).toMatchObject({ state: 1, kind: 2, challenger, dueAt: BigInt(dueAt) })
  await send(verifier, showLeaf(deployment, { id, leaf: encodePayoutLeaf(0, payout()) }))
  expect(await readDisputeOf(reader(), { id })).toMatchObject({ state: 4 })
  await watched.sync()
  expect(watched.disputes.get(id)?.turn).toBe('lost')
  expect(watched.disputes.open).toEqual([])
})

test('default: the root becomes final, attesters and devices are paid', async () => {
  const { network, deployment, token, vault } = net
  const { root } = deriveRoot()
  const id = rootId(network, root)
  const { finalisableAt } = await readRecordOf(reader(), { rootId: id })
  await net.goTo(Number(finalisableAt))
  await send(watcher, finalise(deployment, { rootId: id }))
  const owner = local.account(operator).address
  const before = await readBalanceOf(reader(), { token, account: owner })
  await send(
    watcher,
    claim({ vault, rootId: id, index: 0, cumulative: payout(), siblings: new Uint8Array() }),
  )
  expect((await readBalanceOf(reader(), { token, account: owner })) - before).toBe(payout())
  expect(await readClaimedOf(reader(), { network, index: 0 })).toBe(payout())

  const earned = await readBalanceOf(reader(), { token, account: local.account(verifier).address })
  await send(watcher, resolve(deployment, { rootId: id, verifier: local.account(verifier).address }))
  expect((await readBalanceOf(reader(), { token, account: local.account(verifier).address })) - earned).toBe(
    parseEther('2'),
  )
  await followed.sync()
  expect(followed.history.roots.head?.state).toBe('final')
})

test('behavior: an authorization of the owner is accepted, and pays nothing for what was claimed', async () => {
  const { network, vault, token } = net
  const id = rootId(network, deriveRoot().root)
  const recipient = local.account(watcher).address
  const terms = { network, index: 0, recipient, cumulative: payout(), fee: 0n, deadline: 2n ** 40n }
  const signature = await local
    .account(operator)
    .signTypedData(claimAuthorizationTypedData({ chainId: 31_337, vault }, terms))
  const before = await readBalanceOf(reader(), { token, account: recipient })
  await send(
    watcher,
    claimWithAuthorization({ vault, rootId: id, siblings: new Uint8Array(), signature, ...terms }),
  )
  expect(await readBalanceOf(reader(), { token, account: recipient })).toBe(before)
  const forged = claimWithAuthorization({
    vault,
    rootId: id,
    siblings: new Uint8Array(),
    signature,
    ...terms,
    fee: 1n,
  })
  await expect(send(watcher, forged)).rejects.toMatchObject({ errorName: 'AuthorizationInvalid' })
})

test('default: an ingest that signs two truths is slashed, and the history knows when', async () => {
  const { network, deployment } = net
  const account = local.account(ingest)
  const group = { network, epoch: 5, first: 0, count: 2, batchRoot: salt }
  const other = { ...group, first: 1, batchRoot: zeroHash }
  const a = { group, signature: await signGroupCommit(account, deployment, group) }
  const b = { group: other, signature: await signGroupCommit(account, deployment, other) }
  expect(await recoverReceiptSigner(deployment, a)).toBe(account.address)
  const challenge = proveEquivocation(deployment, { a, b, salt })
  await send(watcher, commitChallenge(local.account(watcher).address, challenge))
  await local.rpc('evm_mine')
  await send(watcher, challenge)
  await followed.sync()
  expect(await readSlashableOf(reader(), { network, role: 'ingest', holder: account.address })).toBe(0n)
  expect(followed.history.stakes.holders('ingest')).toEqual([])
  await bond(ingest, 'ingest', parseEther('10'))
  await followed.sync()
  for (let epoch = 0; epoch < 8; epoch += 1) {
    const expected = await readWeightOf(reader(), { network, role: 'ingest', holder: account.address, epoch })
    expect(followed.history.stakes.weightOf('ingest', account.address, epoch)).toBe(expected)
  }
})

test('default: a verifier leaves, a device is revoked', async () => {
  const { network, deployment, timeline } = net
  const holder = local.account(verifier).address
  const all = { network, role: 'verifier', amount: parseEther('20') } as const
  await send(verifier, requestExit(deployment, all))
  await expect(send(verifier, withdraw(deployment, all))).rejects.toMatchObject({ errorName: 'ExitTooEarly' })
  await send(operator, revokeDevice(deployment, { network, index: 0 }))
  await followed.sync()
  const check = async () => {
    for (let epoch = 0; epoch < 8; epoch += 1) {
      const { stakes, snapshotAt } = followed.history
      expect(stakes.weightOf('verifier', holder, epoch)).toBe(
        await readWeightOf(reader(), { network, role: 'verifier', holder, epoch }),
      )
      const { key, revoked } = snapshotAt(epoch).device(0)!
      expect(await readIsKeyAt(reader(), { network, index: 0, epoch, key })).toBe(!revoked)
    }
  }
  await check()
  await net.goTo(attestEnd(timeline, 6))
  await send(verifier, withdraw(deployment, all))
  await followed.sync()
  await check()
})

test('behavior: a follower that starts anew, in small ranges, tells the same', async () => {
  const again = followNetwork({
    client: local.client,
    deployment: net.deployment,
    network: net.network,
    maxRange: 3,
  })
  await again.sync()
  expect(again.history.slots.list).toEqual(followed.history.slots.list)
  expect(again.history.roots.all).toEqual(followed.history.roots.all)
  expect(again.history.creation).toEqual(followed.history.creation)
})
