import { describe, expect, test } from 'vitest'
import { climateAt } from './climate.ts'
import { metrics } from './metrics.ts'
import { defaultParameters } from './parameters.ts'
import { scenarios } from './scenarios.ts'
import { simulateNetwork } from './simulate-network.ts'

const parameters = defaultParameters(400, 1_460)
const run = (seed: number, given = parameters) =>
  simulateNetwork({ scenario: 'baseline', seed, parameters: given })

describe('simulateNetwork', () => {
  test('default: the same seed gives the same trace, bit for bit; another seed another', () => {
    const first = run(5)
    expect(run(5)).toEqual(first)
    expect(run(6).values).not.toEqual(first.values)
  })

  test('behavior: only + − × ÷ and integers: seed 1 of the default network ends at these bits', () => {
    const { values, samples, money } = run(1)
    const last = metrics.map((_, row) => values[row * samples + samples - 1])
    expect({ supply: String(money.supply), last }).toMatchInlineSnapshot(`
      {
        "last": [
          4907703.58660522,
          83.64556347160934,
          310.7735396604487,
          0.2690437038832286,
          329,
          255.63389425805386,
          337.19064813125993,
          2.013492539964592,
          0.0003244305402114003,
        ],
        "supply": "4911822358662462975377917",
      }
    `)
  })

  test.for(scenarios)(
    'behavior: $name: supply is genesis + emitted − burned, within the budget, all numbers finite',
    (scenario) => {
      const trace = run(3, scenario.apply(parameters))
      const { genesisSupply, emitted, burned, supply, budget } = trace.money
      expect(supply).toBe(genesisSupply + emitted - burned)
      expect(emitted).toBeLessThanOrEqual(budget)
      expect(trace.values).toHaveLength(metrics.length * trace.samples)
      expect(trace.values.every((value) => Number.isFinite(value) && value >= 0)).toBe(true)
    },
  )

  test('behavior: a bear market lowers the price, a demand collapse what customers pay, the end of subsidy the emission', () => {
    const long = defaultParameters(400, 1_825)
    const at = (scenario: (typeof scenarios)[number], metric: string, epoch: number) => {
      const { values, samples } = run(2, scenario.apply(long))
      return values[metrics.findIndex(({ name }) => name === metric) * samples + Math.floor(epoch / 30)]!
    }
    const [baseline, bear, , collapse, end] = scenarios
    expect(at(bear!, 'price', 480)).toBeLessThan(at(baseline!, 'price', 480) / 2)
    expect(at(collapse!, 'paid', 880)).toBeLessThan(at(baseline!, 'paid', 880) / 2)
    expect(at(end!, 'supply', 1_799)).toBeLessThan(at(baseline!, 'supply', 1_799))
  })
})

describe('climateAt', () => {
  test('default: levels move in a straight line and stay', () => {
    const shocks = [{ epoch: 10, days: 4, demand: 0.2, poached: 0.4 }]
    expect(climateAt(shocks, 9)).toEqual({ sentiment: 1, demand: 1, hurdle: 1, poachedPerDay: 0 })
    expect(climateAt(shocks, 11).demand).toBeCloseTo(0.6)
    expect(climateAt(shocks, 11).poachedPerDay).toBe(0.1)
    expect(climateAt(shocks, 13).demand).toBeCloseTo(0.2)
    expect(climateAt(shocks, 5_000)).toMatchObject({ demand: climateAt(shocks, 13).demand, poachedPerDay: 0 })
  })
})
