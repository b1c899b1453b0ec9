import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  approve,
  availabilityEnd,
  createdPool,
  createPool,
  delegate,
  epochStart,
  followNetwork,
  readDelegationOf,
  readPool,
  throughPool,
} from '@cairn/chain'
import { encodeReading, template } from '@cairn/sector-template'
import { type ContractChain, createContractNetwork, startContractChain } from '@cairn/testing'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVerifier } from './create-verifier.ts'
import { verifierOptions } from './test-verifier.fixture.ts'

const [operator, delegator, alone] = [2, 3, 4]
const TOKEN = 10n ** 18n
const terms = { commissionBps: 1_000, mostCommissionBps: 2_000, selfBps: 4_000 }
let local: ContractChain
let folder: string

beforeAll(async () => {
  local = await startContractChain()
  folder = await mkdtemp(join(tmpdir(), 'cairn-pool-'))
}, 60_000)
afterAll(async () => {
  await local.chain.kill()
  await rm(folder, { recursive: true })
})

test('default: a verifier of a pool attests with what is delegated, and its delegators are paid', async () => {
  const { client, deployment } = local
  const net = await createContractNetwork(local, {
    sector: template,
    devices: 2,
    verifiers: [alone],
    salt: 1,
  })
  const { network, timeline, token } = net
  const pool = await fundPool(await makePool(network), token)
  const followed = followNetwork({ client, deployment, network })
  const optionsOf = (index: number) => verifierOptions(local, net, { index, folder })
  const verifiers = [
    createVerifier({
      ...optionsOf(operator),
      submitter: throughPool(local.submitter(operator), { deployment, pool }),
    }),
    createVerifier(optionsOf(alone)),
  ]
  const step = async () => {
    for (const verifier of verifiers) await verifier.step()
    await followed.sync()
  }

  const takenMs = epochStart(timeline, 0) * 1000 + 5
  const reports = net.devices.map((device) =>
    device.report(0, 0, [encodeReading({ cell: 7, takenMs, value: 20_000 + device.index })]),
  )
  await net.seal(0, reports)
  await local.goTo(availabilityEnd(timeline, 0))
  await step()
  // 27 of 36 are the pool's: without it there is no quorum.
  const { attestations, finalisableAt } = followed.history.roots.head!
  expect(attestations.map(({ verifier }) => verifier.toLowerCase())).toContain(pool.toLowerCase())

  await local.goTo(finalisableAt!)
  await step()
  await step()
  expect(followed.history.roots.head!.state).toBe('final')
  // A tenth of the epoch's 10 tokens is the verifiers', three quarters of that the pool's, a tenth of that its operator's.
  expect(await readPool(local, { pool })).toMatchObject({
    totalAssets: 27n * TOKEN + (675n * TOKEN) / 1000n,
    commission: (75n * TOKEN) / 1000n,
  })
  const holder = local.account(delegator).address
  const { assets } = await readDelegationOf(local, { pool, holder, throughBatch: 1 })
  const due = (15_375n * TOKEN) / 1000n
  // Shares round down, by less than a billionth of a token.
  expect(assets).toBeLessThanOrEqual(due)
  expect(due - assets).toBeLessThan(TOKEN / 10n ** 9n)
}, 60_000)

async function makePool(network: Parameters<typeof createPool>[1]['network']): Promise<Address> {
  const made = await local.submitter(operator).submit(createPool(local.deployment, { network, terms }))
  if (made.status !== 'mined') throw new Error('The pool was not made.')
  return createdPool(made.receipt)!
}

/** 12 tokens of its operator and 15 of a delegator. */
async function fundPool(pool: Address, token: Address): Promise<Address> {
  for (const [index, amount] of [
    [operator, 12n * TOKEN],
    [delegator, 15n * TOKEN],
  ] as const) {
    await local.send(index, approve({ token, spender: pool, amount }))
    await local.send(index, delegate({ pool, amount }))
  }
  return pool
}
