import { describe, expect, test } from 'vitest'
import { parseArguments } from './parse-args.ts'
import { TRACE_FILES } from './read-trace.ts'

test('default: all files, all uplinks, a minute', () => {
  expect(parseArguments([], '/data')).toEqual({
    data: '/data',
    files: TRACE_FILES,
    limit: Number.MAX_SAFE_INTEGER,
    seconds: 60,
    keep: false,
    json: false,
  })
})

test('behavior: files by the beginning of their names', () => {
  const { files } = parseArguments(['--files', 'sainteynard,helium-ems'], '/data')
  expect(files.map(({ name }) => name)).toEqual(['sainteynard-033.ndjson.gz', 'helium-ems-sensor.ndjson.gz'])
})

describe('error', () => {
  test.each([
    [['--files', 'nothing'], /no trace "nothing"/],
    [['--files', ''], /no trace ""/],
    [['--seconds', '5'], /--seconds is "5"; expected a whole number from 10 to 600/],
    [['--limit', '1.5'], /--limit is "1\.5"/],
    [['--nonsense'], /Unknown option/],
  ])('%j', (argv, message) => {
    expect(() => parseArguments(argv, '/data')).toThrow(message)
  })
})
