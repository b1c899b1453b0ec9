import { type Address, parseEther, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Call } from '../call.ts'
import { startTestNetwork, type TestNetwork } from '../deploy/network.fixture.ts'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { executeOperation, scheduleOperation } from '../timelock/schedule.ts'
import { approve } from '../token/approve.ts'
import { readBalanceOf } from '../token/balance-of.ts'
import { readCreditAccountOf } from './account-of.ts'
import { buyCredits } from './buy-credits.ts'
import { createGovernedFeed } from './create-governed-feed.ts'
import { type Meter, meterTypedData } from './meter.ts'
import { readQuote } from './quote.ts'
import { redeemFor } from './redeem-for.ts'
import { redeemVoucher, redeemVouchers } from './redeem-vouchers.ts'
import { readRedeemedOf } from './redeemed-of.ts'
import { refundCredits, requestRefund } from './refund-credits.ts'
import { sayPrice } from './say-price.ts'
import { type CreditTerms, setCreditTerms } from './set-credit-terms.ts'
import { setVoucherSigner } from './set-signer.ts'
import { readSpentIn } from './spent-in.ts'
import { type Redemption, type Voucher, voucherTypedData } from './voucher.ts'

const usd = 1_000_000n
const [governor, payer, seller, signer] = [0, 1, 2, 3]
let local: TestChain
let net: TestNetwork
let feed: Address

beforeAll(async () => {
  local = await startTestChain()
  net = await startTestNetwork(local, `0x${'c1'.repeat(32)}`)
  const { deployment, network, owner, token } = net
  feed = await createGovernedFeed(local.submitter(governor), {
    owner: local.account(governor).address,
    decimals: 8,
    answer: 200_000_000n,
  })
  const terms: CreditTerms = {
    price: {
      feed,
      confidenceFeed: zeroAddress,
      decimals: 8,
      maxAgeSeconds: 3_600,
      forgetSeconds: 86_400,
      maxDeviationBps: 5_000,
      maxConfidenceBps: 100,
    },
    refundSeconds: 60,
    sellerBps: [2_500, 0, 0, 0],
  }
  const operation = {
    timelock: owner,
    call: setCreditTerms(deployment, { network, terms }),
    salt: `0x${'00'.repeat(32)}`,
  } as const
  await send(governor, scheduleOperation(operation, 1))
  await local.rpc('evm_increaseTime', 2)
  await send(governor, executeOperation(operation))
  await send(payer, approve({ token, spender: deployment.addresses.credits, amount: parseEther('1000') }))
}, 60_000)
afterAll(() => local.chain.kill())

const send = async (index: number, call: Call) => void (await local.submitter(index).submit(call))
const reader = () => ({ client: local.client, deployment: net.deployment })
const address = (index: number) => local.account(index).address
const now = async () =>
  Number((await local.rpc<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false)).timestamp)

async function redemption(cumulative: bigint, by = payer, metered = cumulative): Promise<Redemption> {
  const voucher: Voucher = {
    network: net.network,
    payer: address(payer),
    seller: address(seller),
    program: 0,
    cumulative,
    expiresAt: BigInt((await now()) + 3_600),
  }
  const signature = await local.account(by).signTypedData(voucherTypedData(net.deployment, voucher))
  return { voucher, signature, metered }
}

test('default: dollars are bought, spent by vouchers, and what is left is refunded', async () => {
  const { deployment, network, token } = net
  const account = () => readCreditAccountOf(reader(), { network, payer: address(payer) })
  const balanceOf = (index: number) =>
    readBalanceOf({ client: local.client }, { token, account: address(index) })
  expect(await readQuote(reader(), { network, credits: 40n * usd })).toEqual({
    state: 'usable',
    tokens: parseEther('20'),
  })
  await send(
    payer,
    buyCredits(deployment, {
      network,
      payer: address(payer),
      credits: 40n * usd,
      maxTokens: parseEther('20'),
    }),
  )
  expect(await account()).toEqual({ credits: 40n * usd, tokens: parseEther('20') })

  const before = await balanceOf(seller)
  await send(seller, redeemVoucher(deployment, await redemption(10n * usd, payer, 8n * usd)))
  expect((await balanceOf(seller)) - before).toBe(parseEther('1'))
  await send(payer, setVoucherSigner(deployment, { network, signer: address(signer), until: 2n ** 40n }))
  const redemptions = [await redemption(12n * usd, signer), await redemption(11n * usd)]
  await send(seller, redeemVouchers(deployment, { network, redemptions }))
  const { voucher } = redemptions[0]!
  expect(await readRedeemedOf(reader(), voucher)).toBe(12n * usd)
  expect(await readSpentIn(reader(), { network, epoch: 0 })).toEqual({
    credits: 12n * usd,
    burned: parseEther('4.5'),
    paid: parseEther('1.5'),
  })

  await send(payer, requestRefund(deployment, { network, credits: 28n * usd }))
  await local.rpc('evm_increaseTime', 61)
  const had = await balanceOf(payer)
  await send(payer, refundCredits(deployment, { network }))
  expect((await balanceOf(payer)) - had).toBe(parseEther('14'))
  expect(await account()).toEqual({ credits: 0n, tokens: 0n })
})

test('behavior: anybody redeems for a seller that signed its meter, and nobody where another signed it', async () => {
  const { deployment, network } = net
  const price = { network, payer: address(payer), credits: 3n * usd, maxTokens: parseEther('2') }
  await send(payer, buyCredits(deployment, price))
  const { voucher, signature: payerSignature } = await redemption(16n * usd)
  const { cumulative, ...pair } = voucher
  const meter: Meter = { ...pair, metered: cumulative - usd }
  const bySomeone = async (index: number) => ({
    voucher,
    payerSignature,
    meter,
    sellerSignature: await local.account(index).signTypedData(meterTypedData(deployment, meter)),
  })
  await expect(send(signer, redeemFor(deployment, await bySomeone(signer)))).rejects.toMatchObject({
    errorName: 'MeterNotSigned',
    fix: expect.stringContaining('ERC-1271'),
  })
  await send(signer, redeemFor(deployment, await bySomeone(seller)))
  expect(await readRedeemedOf(reader(), voucher)).toBe(15n * usd)
})

test('error: a price that jumps tenfold makes buying rest, and the error says why', async () => {
  const { deployment, network } = net
  await send(governor, sayPrice({ feed, answer: 2_000_000_000n }))
  expect(await readQuote(reader(), { network, credits: usd })).toEqual({ state: 'deviates', tokens: 0n })
  const call = buyCredits(deployment, { network, payer: address(payer), credits: usd, maxTokens: 10n ** 18n })
  await expect(send(payer, call)).rejects.toMatchObject({ errorName: 'PriceDormant' })
  await expect(send(payer, sayPrice({ feed, answer: 1n }))).rejects.toThrow('NotOwner')
})

test('error: a voucher that was redeemed, or signed by a stranger, names what is wrong', async () => {
  const { deployment } = net
  await expect(send(seller, redeemVoucher(deployment, await redemption(12n * usd)))).rejects.toMatchObject({
    errorName: 'NothingDue',
    args: { redeemed: 15n * usd },
  })
  await expect(send(seller, redeemVoucher(deployment, await redemption(16n * usd, 4)))).rejects.toMatchObject(
    {
      errorName: 'SignerNotAllowed',
    },
  )
  await expect(send(seller, redeemVoucher(deployment, await redemption(20n * usd)))).rejects.toMatchObject({
    errorName: 'AccountEmpty',
    fix: expect.stringContaining('buy credits'),
  })
})
