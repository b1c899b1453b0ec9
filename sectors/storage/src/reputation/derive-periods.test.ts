import { expect, test } from 'vitest'
import { derivePeriods, type SetHistory } from './derive-periods.ts'

const clock = { genesis: 1_000, epochSeconds: 10, periodEpochs: 4, windowEpochs: 1 }
const history: SetHistory = {
  set: 7n,
  payer: `0x${'11'.repeat(20)}`,
  clock,
  firstPeriod: 1,
  lastPeriod: undefined,
  leaves: [{ at: 1_041, change: 8n }],
  proven: new Set([1, 3]),
  captured: new Set([0, 1, 2, 3]),
}
const outcomes = (of: Partial<SetHistory>, now = 2_000) =>
  derivePeriods({ ...history, ...of }, now).map(({ outcome, at }) => [outcome, at])

test('default: proven and missed periods that are over', () => {
  expect(outcomes({})).toEqual([
    ['proven', 1_080],
    ['missed', 1_120],
    ['proven', 1_160],
  ])
  expect(derivePeriods(history, 2_000)[0]).toMatchObject({
    amount: 8n,
    subject: `0x${'00'.repeat(7)}0700000001${'00'.repeat(20)}`,
  })
})

test('behavior: a period that is not over is none, nor one after the last', () => {
  expect(outcomes({}, 1_119)).toEqual([['proven', 1_080]])
  expect(outcomes({ lastPeriod: 1 })).toEqual([['proven', 1_080]])
})

test('behavior: nobody is at fault without a beacon on time, or for leaves that came after the freeze', () => {
  expect(outcomes({ captured: new Set([1, 3]) })).toHaveLength(2)
  // Period 2 freezes at 1 100.
  const late = { leaves: [{ at: 1_100, change: 8n }], proven: new Set<number>() }
  expect(outcomes(late)).toEqual([['missed', 1_160]])
  const removed = [
    { at: 1_041, change: 8n },
    { at: 1_085, change: -8n },
  ]
  expect(outcomes({ leaves: removed, proven: new Set([1]) })).toEqual([['proven', 1_080]])
})
