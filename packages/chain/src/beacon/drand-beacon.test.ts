import { readFileSync } from 'node:fs'
import type { Hex } from '@cairn/protocol'
import type { Address } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestChain, type TestChain } from '../submit/local-chain.fixture.ts'
import { createDrandBeacon } from './create-drand-beacon.ts'
import { evmnet } from './drand-chain.ts'
import { readRoundAt } from './round-at.ts'
import { DrandError, submitRound } from './submit-round.ts'
import { readWordOf } from './word-of.ts'

const vectors = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/drand.json', import.meta.url), 'utf8'),
) as {
  chainHash: Hex
  publicKey: Hex
  genesis: string
  period: string
  rounds: { round: string; signature: Hex; randomness: Hex }[]
}
const timeOf = (round: bigint) => evmnet.genesis + (round - 1n) * evmnet.period

let local: TestChain
let beacon: Address
beforeAll(async () => {
  local = await startTestChain()
  beacon = await createDrandBeacon(local.submitter(0), evmnet)
}, 60_000)
afterAll(() => local.chain.kill())

test('default: public rounds, brought by anybody', async () => {
  expect(evmnet).toEqual({
    chainHash: vectors.chainHash,
    publicKey: vectors.publicKey,
    genesis: BigInt(vectors.genesis),
    period: BigInt(vectors.period),
  })
  for (const { round: number, signature, randomness } of vectors.rounds) {
    const round = BigInt(number)
    expect(await readRoundAt(local, { beacon, time: timeOf(round) - 2n })).toBe(round)
    expect(await readWordOf(local, { beacon, time: timeOf(round) })).toBeUndefined()
    await local.submitter(3).submit(submitRound({ beacon, round, signature }))
    expect(await readWordOf(local, { beacon, time: timeOf(round) })).toBe(randomness)
    expect(await readWordOf(local, { beacon, time: timeOf(round) + 1n })).toBeUndefined()
  }
})

test('error: another round', async () => {
  const { round, signature } = vectors.rounds[0]!
  const call = submitRound({ beacon, round: BigInt(round) + 1n, signature })
  await expect(local.submitter(3).submit(call)).rejects.toThrow('SignatureInvalid')
})

test('error: a signature of another scheme', () => {
  expect(() => submitRound({ beacon, round: 1n, signature: `0x${'ab'.repeat(48)}` })).toThrow(DrandError)
})
