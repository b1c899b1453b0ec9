import { describe, expect, test } from 'vitest'
import { EconomicsError } from '../economics-error.ts'
import { defaultParameters } from './parameters.ts'
import { quantile } from './quantile.ts'
import { type EconomyPlan, type EconomyProgress, runEconomy } from './run-economy.ts'
import { findScenario, scenarioNames } from './scenarios.ts'
import { simulateNetwork } from './simulate-network.ts'

const plan: EconomyPlan = {
  parameters: defaultParameters(50, 360),
  scenarios: ['baseline', 'bear-market'],
  seeds: 5,
  firstSeed: 11,
}

describe('runEconomy', () => {
  test('default: quantiles per scenario and sample, and progress for every run', async () => {
    const progress: EconomyProgress[] = []
    const result = await runEconomy(plan, undefined, (each) => progress.push(each))
    expect(progress.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(progress.at(-1)).toEqual({ done: 10, total: 10, scenario: 'bear-market', seed: 15 })
    expect(result).toMatchObject({ format: 'cairn-economy', seeds: [11, 12, 13, 14, 15], epochs: 360 })
    expect(result.sampleEpochs).toEqual([30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 330, 360])
    for (const { metrics } of result.scenarios) {
      for (const { q05, q25, q50, q75, q95 } of Object.values(metrics)) {
        q05.forEach((low, at) => {
          const ordered = [low, q25[at]!, q50[at]!, q75[at]!, q95[at]!]
          expect(ordered).toEqual([...ordered].sort((a, b) => a - b))
        })
      }
    }
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  test('behavior: threads that finish in any order come to the same result', async () => {
    const waiting: (() => void)[] = []
    const result = runEconomy(plan, {
      threads: 5,
      run: (task) =>
        new Promise((resolve) => {
          waiting.push(() => resolve(simulateNetwork(task)))
          // Whenever five wait, let them go in reverse.
          if (waiting.length === 5) for (const go of waiting.splice(0).reverse()) go()
        }),
    })
    expect(await result).toEqual(await runEconomy(plan))
  })

  test('error: a run that fails fails the whole', async () => {
    const executor = { threads: 2, run: () => Promise.reject(new Error('a thread ended')) }
    await expect(runEconomy(plan, executor)).rejects.toThrow('a thread ended')
  })

  test.for([
    { seeds: 0 },
    { seeds: 1.5 },
    { firstSeed: -1 },
    { scenarios: [] },
    { scenarios: ['baseline', 'baseline'] },
    { parameters: { ...plan.parameters, operators: 0 } },
    { parameters: { ...plan.parameters, sampleEpochs: 361 } },
  ] as const)('error: %o is refused', async (change) => {
    await expect(runEconomy({ ...plan, ...change })).rejects.toThrow(EconomicsError)
  })

  test('error: a scenario that does not exist is named', () => {
    expect(() => findScenario('boom')).toThrow('There is no scenario "boom"')
    expect(scenarioNames.map((name) => findScenario(name).name)).toEqual(scenarioNames)
  })
})

test.for([
  [[5], 0.5, 5],
  [[1, 2], 0.5, 1.5],
  [[1, 2, 3, 4, 5], 0.25, 2],
  [[1, 2, 3, 4, 5], 0.95, 4.8],
  [[1, 2, 3], 1, 3],
] as const)('quantile: default: of %o at %d: %d', ([sorted, q, expected]) => {
  expect(quantile(sorted, q)).toBeCloseTo(expected, 12)
})
