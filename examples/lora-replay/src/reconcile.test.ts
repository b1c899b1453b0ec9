import { describe, expect, test } from 'vitest'
import type { PlannedReception, ReplayPlan } from './plan-replay.ts'
import type { JudgedObservation } from './read-verdicts.ts'
import { reconcile } from './reconcile.ts'

const rules = { maxCopies: 16, carryEpochs: 8, unitBytes: 24 }
// An unconfirmed data uplink of 25 bytes, so two units.
const frame = Uint8Array.from({ length: 25 }, (_, i) => (i === 0 ? 0x40 : i))

const reception = (gateway: number, tmst = 1): PlannedReception => ({
  gateway,
  frame: 0,
  rxpk: {
    tmst,
    frequencyHz: 868_100_000,
    crcStatus: 'ok',
    dataRate: { modulation: 'LORA', spreadingFactor: 7, bandwidthHz: 125_000 },
    rssiDeciDbm: -1000,
    snrDeciDb: 50,
    payload: frame,
  },
})

const planOf = (...receptions: PlannedReception[]): ReplayPlan => ({
  counts: { lines: 1, uplinks: 1, receptions: receptions.length, statuses: 0 },
  gateways: ['00'.repeat(8), '01'.repeat(8)],
  frames: [frame],
  uplinks: [{ file: 'x', atMs: 0, receptions }],
})

const judged = (device: number, reason = 0, tmst = 1, work = reason === 0 ? 2n : 0n): JudgedObservation => ({
  epoch: 0,
  device,
  reason,
  work,
  packet: {
    receivedMs: 0,
    tmst,
    frequencyHz: 868_100_000,
    rssiDeciDbm: -1000,
    snrDeciDb: 50,
    spreadingFactor: 7,
    bandwidthHz: 125_000,
    phyPayload: frame,
    frame: { kind: 'proprietary' } as unknown as JudgedObservation['packet']['frame'],
  },
})

const run = (plan: ReplayPlan, observations: JudgedObservation[], unacked: PlannedReception[] = []) =>
  reconcile({
    plan,
    observations,
    rules,
    deviceOf: [0, 1],
    sent: { datagrams: 0, receptions: 0, acked: 0, resent: 0, unacked },
  })

test('default: what is accepted is worth its size', () => {
  const found = run(planOf(reception(0), reception(1)), [judged(0), judged(1)])
  expect(found.problems).toEqual([])
  expect(found.receptions).toMatchObject({ inFiles: 2, accepted: 2, rejected: {}, lost: 0 })
  expect(found).toMatchObject({ expectedWork: 4n, uplinks: { inFiles: 1, paid: 1, repeats: 0, neither: 0 } })
})

describe('behavior', () => {
  test('a duplicate is rejected, one with the same counter repeated', () => {
    const found = run(planOf(reception(0), reception(0, 2), reception(0)), [judged(0), judged(0, 101, 2)])
    expect(found.problems).toEqual([])
    expect(found.receptions).toMatchObject({ accepted: 1, rejected: { 101: 1 }, repeated: 1, lost: 0 })
  })

  test('what was never acknowledged is not lost', () => {
    const silent = reception(1)
    const found = run(planOf(reception(0), silent), [judged(0)], [silent])
    expect(found.receptions).toMatchObject({ accepted: 1, neverAcknowledged: 1, lost: 0 })
    expect(found.problems).toEqual([])
  })
})

describe('error', () => {
  test.each([
    ['an acknowledged reception that is in no report', [judged(0)], /1 acknowledged receptions are in no/],
    ['an observation of nothing recorded', [judged(0), judged(1), judged(1, 101, 9)], /of no reception/],
    [
      'a verdict against the rules',
      [judged(0), judged(1, 103)],
      /heard 2 times has verdicts 1×0 1×103; expected 2×0/,
    ],
    ['work of another amount', [judged(0), judged(1, 0, 1, 3n)], /2 units was given 3/],
  ])('%s', (_, observations, message) => {
    const { problems } = run(planOf(reception(0), reception(1)), observations)
    expect(problems.join('\n')).toMatch(message)
  })
})
