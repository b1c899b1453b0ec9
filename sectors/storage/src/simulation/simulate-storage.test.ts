import { expect, test } from 'vitest'
import { simulateStorage } from './simulate-storage.ts'

const plan = { seeds: 60, firstSeed: 1, challenges: 5 }

test('default: what is missing is found when the formula says', async () => {
  const { detections, unseen, standings } = await simulateStorage(plan)
  for (const one of detections) {
    expect(one, one.operator).toMatchObject({ isWithinBand: true, found: plan.seeds })
  }
  expect(detections[0]).toMatchObject({ meanPeriods: 1 })
  // Possession proofs find none of these.
  for (const { operator, missed } of unseen) expect(missed, operator).toBe(0)
  const boundOf = (name: string) => unseen.find(({ operator }) => operator.startsWith(name))!.value
  expect(boundOf('generates')).toBe(8)
  expect(boundOf('one copy')).toBe(12)
  expect(boundOf('ten sybils on one disk, one network')).toBe(0)
  for (const { honest, operator, everNone, daysToHalf } of standings) {
    if (honest) expect(everNone, operator).toBe(0)
    else expect(daysToHalf, operator).toBeLessThan(40)
  }
}, 120_000)

test('behavior: the same plan gives the same numbers', async () => {
  const few = { ...plan, seeds: 1 }
  expect(await simulateStorage(few)).toEqual(await simulateStorage(few))
}, 60_000)
