import {
  advanceEmission,
  approve,
  type BandSchedule,
  buyCredits,
  type Call,
  createGovernedFeed,
  epochStart,
  type HalvingSchedule,
  readBalanceOf,
  readConfigOf,
  readCumulativeEmission,
  readMostEmitted,
  readNextEmissionEpoch,
  readReserveOf,
  readSpentIn,
  redeemVoucher,
  setCreditTerms,
  type Voucher,
  voucherTypedData,
} from '@cairn/chain'
import { advanceBand, type BandState, fixedHalving, openBand } from '@cairn/economics'
import { standardSectors } from '@cairn/sector-standard'
import {
  type ContractChain,
  type ContractNetwork,
  createContractNetwork,
  startContractChain,
} from '@cairn/testing'
import { type Address, parseEther, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'

const [governor, payer, seller] = [0, 1, 2]
const base: HalvingSchedule = {
  kind: 'halving',
  perEpoch: parseEther('10'),
  halvingEpochs: 12,
  maxHalvings: 2,
}
const band: BandSchedule = {
  kind: 'band',
  base,
  floorBps: 6_000,
  capBps: 20_000,
  capFrom: parseEther('0.5'),
  netEmissionCap: parseEther('0.25'),
  reach: parseEther('0.9'),
}
const sector = standardSectors.get('wireless')!
let local: ContractChain
let net: ContractNetwork
let emission: Address

beforeAll(async () => {
  local = await startContractChain()
  const { deployment } = local
  net = await createContractNetwork(local, {
    sector,
    devices: 0,
    verifiers: [],
    salt: 1,
    emission: band,
  })
  const { network, token } = net
  emission = (await readConfigOf(local, { network })).emission
  const feed = await createGovernedFeed(local.submitter(governor), {
    owner: local.account(governor).address,
    decimals: 8,
    answer: 100_000_000n,
  })
  const price = {
    feed,
    confidenceFeed: zeroAddress,
    decimals: 8,
    maxAgeSeconds: 86_400,
    forgetSeconds: 86_400,
    maxDeviationBps: 5_000,
    maxConfidenceBps: 100,
  } as const
  const terms = { price, refundSeconds: 60, sellerBps: [2_500, 10_000, 0, 0] } as const
  await send(governor, setCreditTerms(deployment, { network, terms }))
  await send(payer, approve({ token, spender: deployment.addresses.credits, amount: parseEther('1000') }))
}, 60_000)
afterAll(() => local.chain.kill())

const send = (index: number, call: Call) => local.send(index, call)
const balanceOf = (account: Address) => readBalanceOf(local, { token: net.token, account })

/** Buys credits and spends them at once, for a program whose sellers get a quarter (0) or everything (1). */
async function spend(program: 0 | 1, credits: bigint, spent: Map<number, bigint>): Promise<void> {
  const { deployment } = local
  const { network } = net
  const account = local.account(payer).address
  const maxTokens = parseEther('1000')
  await send(payer, buyCredits(deployment, { network, payer: account, credits, maxTokens }))
  const cumulative = (spent.get(program) ?? 0n) + credits
  spent.set(program, cumulative)
  const voucher: Voucher = {
    network,
    payer: account,
    seller: local.account(seller).address,
    program,
    cumulative,
    expiresAt: 2n ** 40n,
  }
  const signature = await local.account(payer).signTypedData(voucherTypedData(deployment, voucher))
  await send(seller, redeemVoucher(deployment, { voucher, signature, metered: cumulative }))
}

/** Repeatable, in 0 … 2^32 − 1. */
function* pseudoRandom(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state
  }
}

test('default: on a random run of spendings the chain comes to the numbers of @cairn/economics, whatever pieces it is advanced in', async () => {
  const { network, timeline } = net
  const reserve = await readReserveOf(local, { network })
  const schedule = fixedHalving(base)
  const random = pseudoRandom(20_261_123)
  const spent = new Map<number, bigint>()
  const terms = {
    floorBps: BigInt(band.floorBps),
    capBps: BigInt(band.capBps),
    netEmissionCap: band.netEmissionCap,
    capFrom: band.capFrom,
    reach: band.reach,
    baseTotal: schedule.total,
  }
  let state: BandState = openBand
  const states = [state]
  for (let epoch = 0; epoch < 40; epoch++) {
    await local.goTo(epochStart(timeline, epoch) + 1)
    const credits = BigInt(random.next().value % 20_000_000) + 1n
    const draw = random.next().value
    if (draw % 3 !== 0) await spend((draw >>> 8) % 4 === 0 ? 1 : 0, credits, spent)
    if (draw % 5 === 0) await send(seller, advanceEmission({ emission, limit: (draw >>> 16) % 7 }))
    const { burned, paid } = await readSpentIn(local, { network, epoch })
    const scheduled = schedule.cumulative(epoch + 1) - schedule.cumulative(epoch)
    state = advanceBand(terms, state, { scheduled, burned, paidDirectly: paid })
    states.push(state)
  }
  await local.goTo(epochStart(timeline, 40))
  const check = async () => {
    for (const [epoch, { reminted, overflow }] of states.entries()) {
      const expected = schedule.cumulative(epoch) + reminted - overflow
      expect(await readCumulativeEmission(local, { emission, epoch })).toBe(expected)
    }
  }
  await check()
  while ((await readNextEmissionEpoch(local, { emission }))! < 40) {
    await send(payer, advanceEmission({ emission, limit: 9 }))
  }
  await check()
  expect(state.reminted).toBeGreaterThan(0n)
  expect(state.overflow).toBeGreaterThan(0n)
  expect(await balanceOf(reserve)).toBe(schedule.cumulative(40) + state.reminted - state.overflow)
  expect(await balanceOf('0x000000000000000000000000000000000000dEaD')).toBe(state.overflow)
  const most = await readMostEmitted(local, { emission, epoch: 40 })
  expect(most).toBe(schedule.cumulative(41) - schedule.cumulative(40) + state.smoothedBurn)
  expect(await balanceOf(emission)).toBe(schedule.total - schedule.cumulative(40))
}, 60_000)

test('error: an epoch that has not begun is refused by name', async () => {
  await expect(readCumulativeEmission(local, { emission, epoch: 5_000 })).rejects.toThrow('EpochNotOver')
})

test('behavior: a fixed schedule needs nobody to advance it', async () => {
  const { network } = await createContractNetwork(local, {
    sector,
    devices: 0,
    verifiers: [],
    salt: 2,
  })
  const fixed = (await readConfigOf(local, { network })).emission
  expect(await readNextEmissionEpoch(local, { emission: fixed })).toBeUndefined()
})
