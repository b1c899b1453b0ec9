import { CreateBucketCommand } from '@aws-sdk/client-s3'
import {
  approve,
  buyCredits,
  epochStart,
  readDataSet,
  readRail,
  readRailTermsOf,
  voucherTypedData,
} from '@cairn/chain'
import { type CairnProcess, runCairn } from '@cairn/testing'
import { parseEther } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStorageChain } from '../../storage/create-storage-chain.ts'
import { followRails } from '../../storage/follow-rails.ts'
import { payer, proving } from '../../storage/rail-network.fixture.ts'
import {
  get,
  type OperatorProcess,
  type OperatorProcesses,
  put,
  randomBody,
  startOperatorNetwork,
} from './operator-processes.fixture.ts'

const sizes = [5_000, 300_000, 3_000_000]

let processes: OperatorProcesses

beforeEach(async () => {
  processes = await startOperatorNetwork()
})
afterEach(() => processes.end())

/** What the chain of one operator says of another that reads what a signer stored there. */
async function readerOf(asked: OperatorProcess, reading: OperatorProcess, signer: `0x${string}`) {
  const { local, net } = processes
  const { network } = net
  const { deployment } = local
  const account = local.account(asked.account)
  const rails = followRails(local, { network, device: asked.device, nowMs: Date.now, goodForMs: 0 })
  const submitter = local.submitter(asked.account)
  const { timeline } = net
  const chain = createStorageChain(local, {
    network,
    timeline,
    device: asked.device,
    account,
    submitter,
    rails,
  })
  const from = local.account(reading.account)
  const allowance = { token: net.token, spender: deployment.addresses.credits, amount: parseEther('1') }
  await local.send(payer, approve(allowance))
  const credits = { network, payer: from.address, credits: 1_000n, maxTokens: parseEther('1') }
  await local.send(payer, buyCredits(deployment, credits))
  const { program } = (await readRailTermsOf(local, { network })).terms
  const expiresAt = BigInt((await local.now()) + 86_400)
  const voucher = { network, payer: from.address, seller: account.address, program, expiresAt }
  const typed = voucherTypedData(deployment, { ...voucher, cumulative: 900n })
  const signature = await from.signTypedData(typed)
  return {
    mayRead: async () => (await chain.findRepair(from.address, signer)) !== undefined,
    isPaid: async () => (await chain.verifyVoucher({ ...voucher, sum: 900n, signature })) === undefined,
  }
}

test("default: with the customer's gateway off, another operator makes a lost rail's rows again, proves them, and is paid for it", {
  timeout: 600_000,
}, async () => {
  const { local, net, startGateway } = processes
  const home = await processes.newHome('customer')
  const { value } = await runCairn<{ signer: `0x${string}` }>({ home, args: ['storage', 'signer'] })
  const holders: OperatorProcess[] = []
  for (let device = 1; device <= 6; device++) {
    holders.push(await processes.addOperator(device))
    await processes.openRailTo(device, value.signer)
  }
  const running: CairnProcess[] = []
  for (const holder of holders) running.push(await holder.start())

  // Every slab has a row with each of the six; all of it goes under proof, and then nobody is there for the customer.
  const code = ['--code', '4/6', '--rebuild-after', '1d']
  const { gateway, client } = await startGateway(home, ...code)
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const objects = sizes.map((size) => ({ key: `of-${size}`, bytes: randomBody(size) }))
  for (const { key, bytes } of objects) await put(client, key, bytes)
  const waiting = async () => {
    const all = await Promise.all(holders.map((holder) => holder.status()))
    return all.reduce((sum, { waitingBundles, bundles }) => sum + waitingBundles + (bundles === 0 ? 1 : 0), 0)
  }
  await expect.poll(waiting, { timeout: 60_000, interval: 500 }).toBe(0)
  await gateway.stop()
  const pieces = async (set: bigint) => (await readDataSet(local, { set })).pieces
  for (let set = 0n; set < 6n; set++) expect(await pieces(set)).toBeGreaterThan(0)

  const periodNow = async () => {
    const { genesis, epochSeconds } = net.timeline
    return Math.floor(((await local.now()) - Number(genesis)) / (epochSeconds * proving.periodEpochs))
  }
  const goToWindow = (period: number) =>
    local.goTo(epochStart(net.timeline, (period + 1) * proving.periodEpochs - proving.windowEpochs))
  const goToPeriod = (period: number) => local.goTo(epochStart(net.timeline, period * proving.periodEpochs))
  const provenBy = async (some: readonly OperatorProcess[], count: number) =>
    expect
      .poll(
        async () =>
          Math.min(...(await Promise.all(some.map((each) => each.status()))).map(({ proofs }) => proofs)),
        {
          timeout: 120_000,
          interval: 500,
        },
      )
      .toBeGreaterThanOrEqual(count)

  // The first one's disk is gone for good, and the others go on.
  await running[0]!.kill()
  const period = (await periodNow()) + 1
  const others = holders.slice(1)
  await goToWindow(period)
  await provenBy(others, 1)

  const stranger = await processes.addOperator(7)
  const repairing = await stranger.start('--repair')
  await goToPeriod(period + 1)
  const statusOf = async () => (await stranger.status()).repair
  await expect
    .poll(async () => (await readRail(local, { rail: 0n })).successor, { timeout: 90_000, interval: 500 })
    .toBe(6n)
  await expect
    .poll(async () => (await readRail(local, { rail: 6n })).copied, { timeout: 90_000, interval: 500 })
    .toBe(await pieces(0n))
  expect((await statusOf()).problems).toEqual({})
  const reader = await readerOf(holders[1]!, stranger, value.signer)
  expect(await reader.mayRead()).toBe(true)
  expect(await reader.isPaid()).toBe(true)
  expect(await pieces(6n)).toBe(await pieces(0n))

  const coversFrom = (await readRail(local, { rail: 6n })).coversFrom!
  await goToWindow(coversFrom)
  await provenBy([stranger], 1)
  await goToPeriod(coversFrom + 1)
  await expect
    .poll(async () => (await readRail(local, { rail: 6n })).state, { timeout: 60_000, interval: 500 })
    .toBe('running')
  const repaired = await readRail(local, { rail: 6n })
  expect(repaired.reward).toBeGreaterThan(0n)
  expect((await readRail(local, { rail: 0n })).state).toBe('closed')

  expect(await reader.mayRead()).toBe(false)

  // The customer comes back, and needs the rows that a stranger made: of the six that it knew, three are left.
  const again = await startGateway(home, ...code)
  await expect.poll(async () => Number(again.gateway.ready.operators), { timeout: 10_000 }).toBe(6)
  for (const gone of [running[1]!, running[2]!]) await gone.kill()
  await expect
    .poll(
      () =>
        get(again.client, objects[0]!.key).then(
          () => true,
          () => false,
        ),
      { timeout: 30_000, interval: 1_000 },
    )
    .toBe(true)
  for (const { key, bytes } of objects) expect((await get(again.client, key)).equals(bytes), key).toBe(true)
  await again.gateway.stop()
  await repairing.stop()
})
