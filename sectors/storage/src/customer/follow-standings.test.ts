import { concatBytes, type Hex } from '@cairn/protocol'
import { expect, test } from 'vitest'
import { testContext } from '../operator/server/test-operator.fixture.ts'
import { type ReputationRecord, serializeRecord } from '../reputation/record.ts'
import { followStandings } from './follow-standings.ts'

const DAY = 86_400
const payer: Hex = `0x${'22'.repeat(20)}`
const owner: Hex = `0x${'33'.repeat(20)}`
const now = 20_000 * DAY
const periods = Array.from({ length: 30 }, (_, period) => period)

/** Thirty days with a piece that was proven every day, or on every day but these. */
const history = (missed: readonly number[] = []) => ({
  ...{ set: 1n, payer, firstPeriod: 0, lastPeriod: undefined },
  clock: { genesis: now - 30 * DAY, epochSeconds: DAY / 4, periodEpochs: 4, windowEpochs: 1 },
  leaves: [{ at: now - 31 * DAY, change: 1n << 26n }],
  proven: new Set(periods.filter((period) => !missed.includes(period))),
  captured: new Set(periods),
})
const wrong = (at: number): Uint8Array => {
  const record: ReputationRecord = {
    ...{ kind: 'audit', outcome: 'wrong', payer, at, amount: 0n },
    subject: `0x${'05'.repeat(32)}`,
  }
  return concatBytes(serializeRecord(record), new Uint8Array(65))
}

const standingsOf = (records: readonly Uint8Array[], missed?: readonly number[]) => {
  const forgotten: number[] = []
  const standings = followStandings({
    index: {
      records: (device) => (device === 0 ? records : []),
      forgetRecords: (at) => void forgotten.push(at),
    },
    chain: {
      context: testContext,
      readHistories: async () => ({
        now,
        byDevice: new Map([
          [0, [history(missed)]],
          [1, []],
        ]),
      }),
    },
    nowMs: () => now * 1_000,
  })
  return { standings, forgotten }
}
const both = [0, 1].map((device) => ({ device, owner }))

test('default: the share of placements, from the chain and what was seen; little of it for who is new', async () => {
  const { standings, forgotten } = standingsOf([])
  expect(standings.sharePpm(0)).toBe(1_000_000)
  await standings.refresh(both)
  // The last has a rail since: it is new.
  expect([0, 1, 2].map(standings.sharePpm)).toEqual([1_000_000, 50_000, 50_000])
  expect(forgotten).toEqual([now - 365 * DAY])
})

test('behavior: missed proofs take all of it, and wrong bytes as much as one payer may', async () => {
  const { standings } = standingsOf([], [20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
  await standings.refresh(both)
  expect(standings.sharePpm(0)).toBe(0)
  const days = Array.from({ length: 40 }, (_, i) => wrong(now - 5 * DAY + i * 10_000))
  const lying = standingsOf(days)
  await lying.standings.refresh(both)
  expect(lying.standings.sharePpm(0)).toBeLessThan(800_000)
})
