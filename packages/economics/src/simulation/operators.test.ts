import { describe, expect, test } from 'vitest'
import { openOperators, stepOperators } from './operators.ts'
import { defaultParameters } from './parameters.ts'
import { seededRandom } from './random.ts'

const parameters = defaultParameters(5_000)
const calm = { sentiment: 1, demand: 1, hurdle: 1, poachedPerDay: 0 }
const nothing = { coverageUsd: 0, usageUsd: 0, expectedCoverageUsd: 0, expectedUsageUsd: 0 }
const plenty = { coverageUsd: 5, usageUsd: 5, expectedCoverageUsd: 5, expectedUsageUsd: 5 }
const open = () => openOperators(parameters, seededRandom(1n))

describe('stepOperators', () => {
  test('default: those who lose money leave, and nobody joins for nothing', () => {
    const operators = open()
    const before = operators.totals.active
    for (let day = 0; day < 200; day++) stepOperators(operators, parameters, nothing, calm, day * 7919)
    expect(before).toBeGreaterThan(900)
    expect(operators.totals.active).toBeLessThan(before / 20)
  })

  test('behavior: where everybody earns, almost everybody joins', () => {
    const operators = open()
    for (let day = 0; day < 700; day++) stepOperators(operators, parameters, plenty, calm, day * 7919)
    expect(operators.totals.active).toBeGreaterThan(4_700)
  })

  test('behavior: a higher hurdle keeps some out; being poached takes about the share it names', () => {
    const modest = { ...plenty, coverageUsd: 0.7, expectedCoverageUsd: 0.7, usageUsd: 0, expectedUsageUsd: 0 }
    const after = (climate: typeof calm) => {
      const operators = open()
      for (let day = 0; day < 300; day++) stepOperators(operators, parameters, modest, climate, day * 7919)
      return operators.totals.active
    }
    expect(after({ ...calm, hurdle: 2 })).toBeLessThan(after(calm) * 0.8)
    const operators = open()
    const before = operators.totals.active
    const poached = { ...calm, hurdle: 1e9, poachedPerDay: 0.25 / 90 }
    for (let day = 0; day < 90; day++) stepOperators(operators, parameters, plenty, poached, day * 7919)
    expect(operators.totals.active / before).toBeCloseTo(0.75, 1)
  })

  test('behavior: the totals are the sums over those active', () => {
    const operators = open()
    for (let day = 0; day < 50; day++) stepOperators(operators, parameters, plenty, calm, day)
    let [active, capacity, hardware] = [0, 0, 0]
    operators.active.forEach((is, i) => {
      if (is === 0) return
      active += 1
      capacity += operators.capacity[i]!
      hardware += operators.hardwareUsd[i]!
    })
    expect(operators.totals).toMatchObject({ active, capacity, hardwareUsd: hardware })
  })

  test('behavior: what an operator decides does not depend on how many come after it', () => {
    const decide = (count: number) => {
      const operators = openOperators(defaultParameters(count), seededRandom(1n))
      for (let day = 0; day < 100; day++) stepOperators(operators, parameters, plenty, calm, day * 7919)
      return [...operators.active.slice(0, 1_000)]
    }
    expect(decide(1_000)).toEqual(decide(3_000))
  })
})
