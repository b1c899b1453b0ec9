import { describe, expect, it } from 'vitest'
import { describeResult } from './print.ts'
import { testRow } from './row.fixture.ts'
import { NotMeasuredError } from './row.ts'
import { runRow } from './run-row.ts'

const scene = { full: false }

describe('runRow', () => {
  it('default: a result carries the figure and everything it follows from', async () => {
    const row = testRow('fast', async () => ({ value: 0.123456, ratio: 2.5, samples: { ours: [1, 2] } }))
    expect(await runRow(row, scene)).toEqual({
      name: 'fast',
      value: 0.1235,
      unit: 's',
      ratio: 2.5,
      against: 'a peer',
      budget: 'ratio ≥ 2',
      met: true,
      samples: { ours: [1, 2] },
      commands: { ours: 'ours', peer: 'theirs' },
      workload: 'nothing',
      load: { before: expect.any(Number), after: expect.any(Number), cores: expect.any(Number) },
    })
  })

  it('behavior: a figure is not rounded into its budget', async () => {
    const row = testRow('near', async () => ({ value: 1, ratio: 1.99999, samples: {} }))
    expect(await runRow(row, scene)).toMatchObject({ met: false })
  })

  it('behavior: a part that is not there is a miss that says so', async () => {
    const row = testRow('missing', async () => {
      throw new NotMeasuredError('There is no peer.', 'Install it.')
    })
    const result = await runRow(row, scene)
    expect(result).toMatchObject({ name: 'missing', value: null, ratio: null, met: false, samples: {} })
    expect(result.note).toMatch(/There is no peer\.\s+Install it\./)
    expect(describeResult(result)).toMatch(/^MISSED missing: not measured .*There is no peer/s)
  })

  it('behavior: a row that fails in any other way is a miss, too', async () => {
    const row = testRow('broken', async () => {
      throw new TypeError('undefined is not a function')
    })
    expect(await runRow(row, scene)).toMatchObject({
      met: false,
      note: 'TypeError: undefined is not a function',
    })
  })
})
