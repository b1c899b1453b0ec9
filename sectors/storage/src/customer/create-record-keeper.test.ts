import { type Hex, toHex } from '@cairn/protocol'
import { beforeEach, expect, test } from 'vitest'
import { testContext } from '../operator/server/test-operator.fixture.ts'
import { parseRecord, RECORD_BYTES, type RecordKind, recordDigest } from '../reputation/record.ts'
import { recoverSigner, testCustomer } from '../wire/customer.fixture.ts'
import { createRecordKeeper, type Observation, type RecordKeeper } from './create-record-keeper.ts'

const customer = testCustomer()
const payer: Hex = `0x${'22'.repeat(20)}`
const slab = new Uint8Array(32).fill(5)
const hour = 3_600_000

let nowMs: number
let kept: { readonly device: number; readonly signed: Uint8Array }[]
let keeper: RecordKeeper

beforeEach(() => {
  nowMs = 20_000 * 24 * hour
  kept = []
  keeper = createRecordKeeper({
    index: { addRecord: (device, _at, signed) => void kept.push({ device, signed }) },
    chain: { context: testContext, sign: customer.sign },
    payerOf: (device) => (device < 9 ? payer : undefined),
    nowMs: () => nowMs,
    onError: (error) => expect(error).toBeUndefined(),
  })
})

const note = (device: number, kind: RecordKind, outcome: string, isLoss = false) =>
  keeper.note({ device, kind, outcome, slab, amount: 7, isLoss } as Observation)
const told = async () => {
  await keeper.settled()
  return kept.map(({ device, signed }) => {
    const { kind, outcome } = parseRecord(signed.subarray(0, RECORD_BYTES))
    return `${device} ${kind} ${outcome}`
  })
}

test('default: a record names payer, slab and time, and is signed by the gateway', async () => {
  note(3, 'audit', 'right')
  await keeper.settled()
  const { signed } = kept[0]!
  const record = parseRecord(signed.subarray(0, RECORD_BYTES))
  expect(record).toEqual({
    ...{ kind: 'audit', outcome: 'right', payer, subject: toHex(slab), amount: 7n },
    at: nowMs / 1_000,
  })
  const digest = recordDigest({ network: testContext.network, device: 3 }, record)
  expect(await recoverSigner(digest, signed.subarray(RECORD_BYTES))).toBe(customer.address)
})

test('behavior: the first read of a quarter of a day, whatever came of it, and the first that found a row lost', async () => {
  note(1, 'retrieval', 'served')
  note(1, 'retrieval', 'refused')
  note(1, 'retrieval', 'wrong', true)
  note(1, 'retrieval', 'refused', true)
  note(2, 'retrieval', 'refused', true)
  note(2, 'retrieval', 'slow')
  nowMs += 6 * hour
  note(1, 'retrieval', 'slow')
  expect(await told()).toEqual([
    '1 retrieval served',
    '1 retrieval wrong',
    '2 retrieval refused',
    '2 retrieval slow',
    '1 retrieval slow',
  ])
})

test('behavior: silence counts when another device answers within a minute, so not while the own line is dead', async () => {
  note(1, 'audit', 'unanswered')
  nowMs += 30_000
  note(2, 'audit', 'right')
  expect(await told()).toEqual(['1 audit unanswered', '2 audit right'])
  kept = []
  note(1, 'audit', 'unanswered')
  note(2, 'audit', 'unanswered')
  nowMs += 61_000
  note(3, 'audit', 'right')
  expect(await told()).toEqual(['3 audit right'])
  kept = []
  note(3, 'retrieval', 'unanswered')
  note(3, 'audit', 'right')
  note(4, 'audit', 'right')
  expect(await told()).toEqual(['3 audit right', '4 audit right'])
})

test('behavior: what nobody pays for is not on record', async () => {
  note(9, 'audit', 'wrong')
  expect(await told()).toEqual([])
})
