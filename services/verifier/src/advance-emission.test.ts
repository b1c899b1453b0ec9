import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { epochStart, readBalanceOf, readConfigOf, readNextEmissionEpoch, readReserveOf } from '@cairn/chain'
import { template } from '@cairn/sector-template'
import {
  type ContractChain,
  type ContractNetwork,
  createContractNetwork,
  startContractChain,
} from '@cairn/testing'
import { type Address, type Client, parseEther } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createVerifier } from './create-verifier.ts'
import { verifierOptions } from './test-verifier.fixture.ts'

let local: ContractChain
let folder: string
let net: ContractNetwork
let emission: Address

beforeAll(async () => {
  local = await startContractChain()
  folder = await mkdtemp(join(tmpdir(), 'cairn-emission-'))
  net = await createContractNetwork(local, {
    sector: template,
    devices: 1,
    verifiers: [2],
    salt: 1,
    emission: {
      kind: 'band',
      base: { kind: 'halving', perEpoch: parseEther('10'), halvingEpochs: 1_000, maxHalvings: 1 },
      floorBps: 5_000,
      capBps: 0,
      capFrom: 0n,
      netEmissionCap: 0n,
      reach: parseEther('1'),
    },
  })
  const config = await readConfigOf(reader(), { network: net.network })
  emission = config.emission
}, 60_000)
afterAll(async () => {
  await local.chain.kill()
  await rm(folder, { recursive: true })
})

const reader = () => ({ client: local.client, deployment: local.deployment })
const next = () => readNextEmissionEpoch(reader(), { emission })

function verifier(name: string, client: Client = local.client) {
  return createVerifier({ ...verifierOptions(local, net, { index: 2, folder, name }), client })
}

/** A client to which one contract does not answer. */
function without(address: Address): Client {
  const { request } = local.client
  return {
    ...local.client,
    request: (async (args: { method: string; params?: readonly { to?: string }[] }) => {
      if (args.method === 'eth_call' && args.params?.[0]?.to?.toLowerCase() === address.toLowerCase())
        throw new Error('It does not answer.')
      return request(args as never)
    }) as Client['request'],
  }
}

test('behavior: an emission that does not answer stops nothing else', async () => {
  await local.goTo(epochStart(net.timeline, 2) + 1)
  await verifier('without', without(emission)).step()
  expect(await next()).toBe(0)
})

test('default: a verifier advances a band that is behind, so that the reserve has what was emitted', async () => {
  await local.goTo(epochStart(net.timeline, 5) + 1)
  const one = verifier('one')
  await one.step()
  expect(await next()).toBe(5)
  const reserve = await readReserveOf(reader(), { network: net.network })
  const held = () => readBalanceOf(reader(), { token: net.token, account: reserve })
  expect(await held()).toBe(parseEther('50'))
  await one.step()
  expect(await held()).toBe(parseEther('50'))
})
