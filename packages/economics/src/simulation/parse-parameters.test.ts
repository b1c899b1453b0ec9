import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EconomicsError } from '../economics-error.ts'
import { defaultParameters } from './parameters.ts'
import { parametersToJson, parseParameters } from './parse-parameters.ts'
import { scenarios } from './scenarios.ts'

const base = defaultParameters(100, 365)

describe('parseParameters', () => {
  test('default: what is left out is as in the base', () => {
    const parsed = parseParameters(
      {
        token: { sellerBps: '9000', band: { floorBps: 9_500 } },
        hardware: { priceUsd: 99 },
        shocks: [{ epoch: 5, days: 2, demand: 0.5 }],
      },
      base,
    )
    expect(parsed.token).toEqual({
      ...base.token,
      sellerBps: 9_000n,
      band: { ...base.token.band, floorBps: 9_500n },
    })
    expect(parsed.hardware).toEqual({ ...base.hardware, priceUsd: 99 })
    expect(parsed.shocks).toEqual([{ epoch: 5, days: 2, sentiment: 1, demand: 0.5, hurdle: 1, poached: 0 }])
    expect(parseParameters({}, base)).toEqual(base)
  })

  test.for(scenarios)('behavior: the parameters of $name come back from JSON', ({ apply }) => {
    const parameters = apply(base)
    const text = JSON.stringify(parametersToJson(parameters))
    const parsed = parseParameters(JSON.parse(text), base)
    expect(parsed.token).toEqual(parameters.token)
    expect(parsed.shocks).toMatchObject(parameters.shocks)
  })

  test.for([
    ['the top', []],
    ['the top', null],
    ['tokens', { tokens: {} }],
    ['token.sellerBps', { token: { sellerBps: '-1' } }],
    ['token.sellerBps', { token: { sellerBps: 1.5 } }],
    ['token.sellerBps', { token: { sellerBps: '10001' } }],
    ['hardware.priceUsd', { hardware: { priceUsd: '5' } }],
    ['hardware.priceUsd', { hardware: { priceUsd: 0 } }],
    ['behaviour.hurdle', { behaviour: { hurdle: [1] } }],
    ['behaviour.hurdle.1', { behaviour: { hurdle: [0.5, 0.1] } }],
    ['token.weights.0.weightsBps.1', { token: { weights: [{ epoch: 0, weightsBps: [1, null] }] } }],
    ['The weights of point 0', { token: { weights: [{ epoch: 0, weightsBps: [1] }] } }],
    ['two programs', { token: { weights: [{ epoch: 0, weightsBps: [10_000] }] } }],
    ['steps', { token: { schedule: { steps: 1_025 } } }],
    ['The cap is 1', { token: { band: { capBps: '1' } } }],
    ['shocks.0.days', { shocks: [{ days: 0 }] }],
    ['shocks', { shocks: Array.from({ length: 65 }, () => ({})) }],
    ['market.driftPerDay', { market: { driftPerDay: 1 } }],
    ['__proto__', JSON.parse('{"__proto__":{"operators":1}}')],
  ] as const)('error: %s is named', ([field, json]) => {
    expect(() => parseParameters(json, base)).toThrow(EconomicsError)
    expect(() => parseParameters(json, base)).toThrow(field)
  })

  test('behavior: any JSON either parses or is refused by name', () => {
    const keys = fc.constantFrom(
      'token',
      'band',
      'floorBps',
      'shocks',
      'epoch',
      'hardware',
      'priceUsd',
      'weights',
      'operators',
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }))
    fc.assert(
      fc.property(value, (json) => {
        try {
          parseParameters(json, base)
        } catch (error) {
          expect(error).toBeInstanceOf(EconomicsError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
