import { describe, expect, it } from 'vitest'
import { BenchArgumentsError, parseArguments } from './parse-arguments.ts'
import { testRow } from './row.fixture.ts'

const rows = ['ingest-reports', 'ingest-observations', 'reward-trees', 'reward-trees-memory'].map((name) =>
  testRow(name, async () => ({ value: 1, ratio: 1, samples: {} })),
)
const names = (...argv: string[]) => parseArguments(argv, rows).rows.map(({ name }) => name)

describe('parseArguments', () => {
  it('default: all rows, in their order, as a text', () => {
    expect(parseArguments([], rows)).toEqual({ rows, json: false, list: false, full: false, strict: false })
  })

  it('behavior: options may stand anywhere', () => {
    expect(parseArguments(['--json', 'ingest', '--full', '--list', '--strict'], rows)).toMatchObject({
      json: true,
      full: true,
      list: true,
      strict: true,
    })
  })

  it('behavior: a name picks its row, or a family of rows, each once', () => {
    expect(names('ingest')).toEqual(['ingest-reports', 'ingest-observations'])
    expect(names('reward-trees-memory')).toEqual(['reward-trees-memory'])
    expect(names('reward-trees')).toEqual(['reward-trees'])
    expect(names('reward-trees-memory', 'reward-trees', 'reward')).toEqual([
      'reward-trees',
      'reward-trees-memory',
    ])
  })

  it('error: a name that no row has', () => {
    expect(() => names('ingest-rep')).toThrowError(/no benchmark "ingest-rep".*Pick from: ingest-reports/s)
  })

  it('error: an option that there is not', () => {
    expect(() => names('--fast')).toThrowError(BenchArgumentsError)
  })
})
