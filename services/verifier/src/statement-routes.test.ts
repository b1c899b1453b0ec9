import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  approve,
  availabilityEnd,
  buyCredits,
  createGovernedFeed,
  epochStart,
  redeemVoucher,
  setCreditTerms,
  voucherTypedData,
} from '@cairn/chain'
import { createNetworkSession, createStatementBook, recoverStatementSigner } from '@cairn/recompute'
import { encodeReading, template } from '@cairn/sector-template'
import {
  type ContractChain,
  type ContractNetwork,
  createContractNetwork,
  startContractChain,
} from '@cairn/testing'
import { parseEther, zeroAddress } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVerifier, type Verifier } from './create-verifier.ts'
import { verifierOptions } from './test-verifier.fixture.ts'

const VERIFIERS = [2, 3, 4] as const
const [founder, payer, seller] = [0, 5, 6] as const
const usd = 1_000_000n
let local: ContractChain
let net: ContractNetwork
let folder: string
let url: string
let serving: Verifier

beforeAll(async () => {
  local = await startContractChain()
  folder = await mkdtemp(join(tmpdir(), 'cairn-statement-'))
  net = await createContractNetwork(local, { sector: template, devices: 3, verifiers: VERIFIERS, salt: 1 })
}, 60_000)
afterAll(async () => {
  await serving.stop()
  await local.chain.kill()
  await rm(folder, { recursive: true })
})

const optionsOf = (index: number) => verifierOptions(local, net, { index, folder })
const verifierOf = (index: number) => createVerifier(optionsOf(index))

/** A dollar a token, a quarter of what is spent to the seller; the payer has ten dollars to spend. */
async function sell(): Promise<void> {
  const { deployment, send } = local
  const { network, token } = net
  const feed = await createGovernedFeed(local.submitter(founder), {
    owner: local.account(founder).address,
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
  }
  const terms = { price, refundSeconds: 60, sellerBps: [2_500, 2_500, 2_500, 2_500] } as const
  await send(founder, setCreditTerms(deployment, { network, terms }))
  const maxTokens = parseEther('10')
  await send(payer, approve({ token, spender: deployment.addresses.credits, amount: maxTokens }))
  const to = local.account(payer).address
  await send(payer, buyCredits(deployment, { network, payer: to, credits: 10n * usd, maxTokens }))
}

async function spend(cumulative: bigint): Promise<void> {
  const voucher = {
    network: net.network,
    payer: local.account(payer).address,
    seller: local.account(seller).address,
    program: 0,
    cumulative,
    expiresAt: BigInt((await local.now()) + 10_000),
  }
  const signature = await local.account(payer).signTypedData(voucherTypedData(local.deployment, voucher))
  await local.send(seller, redeemVoucher(local.deployment, { voucher, signature, metered: cumulative }))
}

const reports = (epoch: number) =>
  net.devices.map((device) => {
    const takenMs = epochStart(net.timeline, epoch) * 1000 + 5
    return device.report(epoch, 0, [encodeReading({ cell: 7, takenMs, value: 20_000 + device.index })])
  })

const ask = async (query = '') => {
  const response = await fetch(`${url}/v1/statement${query}`)
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as never as Answer,
  }
}
interface Answer {
  readonly code: string
  readonly rows: readonly Record<string, string | number | null>[]
  readonly statement: { readonly rows: readonly unknown[] }
  readonly signer: `0x${string}`
  readonly signature: `0x${string}`
}

/** Two epochs with a spending each, attested and final. */
async function live(verifiers: readonly Verifier[]): Promise<void> {
  const step = async () => {
    for (const verifier of verifiers) await verifier.step()
  }
  await sell()
  for (const [epoch, spent] of [
    [0, 4n * usd],
    [1, 6n * usd],
  ] as const) {
    await local.goTo(epochStart(net.timeline, epoch) + 10)
    await spend(spent)
    await net.seal(epoch, reports(epoch))
    await local.goTo(availabilityEnd(net.timeline, epoch))
    await step()
  }
  await local.goTo((await local.now()) + net.timeline.challengeSeconds)
  // One step reads what is final, the next makes it so, and the last says so.
  for (let round = 0; round < 4; round += 1) await step()
}

test('default: what a verifier serves is what anybody derives, signed where asked', async () => {
  const verifiers = VERIFIERS.map(verifierOf)
  serving = verifiers[0]!
  await live(verifiers)
  url = (await serving.start()).url
  await serving.step()

  const { status, body } = await ask()
  expect(status).toBe(200)
  expect(body).toMatchObject({ format: 'cairn-statement', version: 1, network: net.network, chainId: 31_337 })
  expect(body.rows).toHaveLength(2)
  // Ten tokens an epoch; of the first four dollars three were burned.
  expect(body.rows[0]).toEqual({
    first: 0,
    last: 0,
    emitted: '10000000000000000000',
    burned: '3000000000000000000',
    paid: '1000000000000000000',
    netIssuance: '7000000000000000000',
    spentCredits: '4000000',
    burnedCredits: '3000000',
    emittedCredits: '10000000',
    revenueCoverBps: '3000',
    work: expect.stringMatching(/^[1-9]\d*$/),
    creditsPerMillionWork: expect.stringMatching(/^[1-9]\d*$/),
    payerConcentrationBps: '10000',
    ownerConcentrationBps: '10000',
  })
  expect(body.rows[1]).toMatchObject({ first: 1, burned: '1500000000000000000', revenueCoverBps: '1500' })

  const session = createNetworkSession(optionsOf(7))
  await session.sync()
  const { reader, history, recomputer } = session
  const book = createStatementBook({ reader, history, stateOf: recomputer.stateOf })
  expect(book.rows).toBeUndefined()
  await book.sync()
  expect(book.rows?.map(({ ownerConcentrationBps }) => `${ownerConcentrationBps}`)).toEqual([
    '10000',
    '10000',
  ])
  expect(book.rows?.map(({ burned }) => `${burned}`)).toEqual(body.rows.map(({ burned }) => burned))

  const signed = (await ask('?signed=true')).body
  expect(signed.statement).toEqual(body)
  expect(signed.signer).toBe(local.account(VERIFIERS[0]).address)
  expect(await recoverStatementSigner(signed)).toBe(signed.signer)
}, 60_000)

test('behavior: a part of it, by epochs and number of rows', async () => {
  const firsts = async (query: string) => (await ask(query)).body.rows.map(({ first }) => first)
  expect(await firsts('?first=1')).toEqual([1])
  expect(await firsts('?last=0')).toEqual([0])
  expect(await firsts('?limit=1')).toEqual([1])
  expect(await firsts('?first=0&limit=1')).toEqual([0])
  expect(await firsts('?first=2')).toEqual([])
  expect((await ask('?first=0&last=0&signed=true')).body.statement.rows).toHaveLength(1)
})

test.each(['?first=-1', '?limit=0', '?limit=1001', '?first=1e3', '?last=4294967296', '?signed=yes'])(
  'error: %s is refused by name',
  async (query) => {
    const { status, body } = await ask(query)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'malformed_query',
      message: expect.stringContaining(query.slice(1, 5)),
    })
  },
)

test('behavior: the interface is described', async () => {
  const description = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, { get: { parameters: { name: string }[] } }>
  }
  const { parameters } = description.paths['/v1/statement']!.get
  expect(parameters.map(({ name }) => name)).toEqual(['first', 'last', 'limit', 'signed'])
})

test('behavior: 503 until the history is read, then rows from disk, though their states and evidence are gone', async () => {
  const before = (await ask()).body
  await serving.stop()
  const own = join(folder, `${VERIFIERS[0]}`, net.network)
  for (const name of await readdir(own))
    if (name !== 'statement') await rm(join(own, name), { recursive: true })
  let isThere = false
  const { client } = local
  serving = createVerifier({
    ...optionsOf(VERIFIERS[0]),
    client: {
      ...client,
      request: ((question: never) =>
        isThere ? client.request(question) : Promise.reject(new Error('no chain'))) as typeof client.request,
    },
    sources: ['http://dead'],
  })
  url = (await serving.start()).url
  const early = await ask()
  expect(early).toMatchObject({ status: 503, body: { code: 'history_not_read' } })
  expect(early.headers.get('retry-after')).toBe('5')
  isThere = true
  await serving.step()
  expect((await ask()).body).toEqual(before)
})

test('behavior: where a row is damaged and its evidence gone, everything but who earned is told', async () => {
  const before = (await ask()).body
  await serving.stop()
  const statements = join(folder, `${VERIFIERS[0]}`, net.network, 'statement')
  for (const name of await readdir(statements)) await writeFile(join(statements, name), 'damaged')
  serving = createVerifier({
    ...optionsOf(VERIFIERS[0]),
    sources: ['http://dead'],
  })
  url = (await serving.start()).url
  await serving.step()
  await serving.step()
  const rows = before.rows.map((row) => ({ ...row, ownerConcentrationBps: null }))
  expect((await ask()).body.rows).toEqual(rows)
})
