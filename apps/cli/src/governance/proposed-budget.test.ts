import { serializeRuleset } from '@cairn/protocol'
import { expect, test } from 'vitest'
import { type BudgetFacts, proposedBudget } from './proposed-budget.ts'

/** A hundred an epoch, and 30 burned for each program in each. */
const facts: BudgetFacts = {
  emittedBefore: async (epoch) => 100n * BigInt(epoch),
  burnedIn: async (_program, first, last) => 30n * BigInt(last - first + 1),
}
const document = (returnBps?: number, shifted = true) =>
  serializeRuleset({
    sector: 'wireless',
    version: 1,
    programs: [
      { name: 'coverage', weightBps: 8_000 },
      { name: 'usage', weightBps: 2_000, ...(returnBps === undefined ? {} : { returnBps }) },
    ],
    params: {},
    carryEpochs: 8,
    ...(shifted ? { shifts: [{ afterEpochs: 4, weightsBps: [0, 10_000] }] } : {}),
  })

test('default: weights that stand still divide the emission of the range', async () => {
  expect(await proposedBudget(facts, document(undefined, false), 10)(10, 13)).toEqual([320n, 80n, 0n, 0n])
})

test('default: weights that move begin with the first replayed epoch', async () => {
  const budgetOf = proposedBudget(facts, document(), 10)
  // 80, 60, 40, 20 and then 0 of a hundred.
  expect(await budgetOf(10, 13)).toEqual([200n, 200n, 0n, 0n])
  expect(await budgetOf(12, 15)).toEqual([60n, 340n, 0n, 0n])
})

test('default: a bounded program gets at most its part of what was burned', async () => {
  expect(await proposedBudget(facts, document(5_000), 10)(10, 13)).toEqual([200n, 60n, 0n, 0n])
  expect(await proposedBudget(facts, document(10_000, false), 10)(10, 13)).toEqual([320n, 80n, 0n, 0n])
})
