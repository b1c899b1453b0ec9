import { PassThrough } from 'node:stream'
import { BaseError } from '@cairn/protocol'
import { expect, test } from 'vitest'
import { tokens } from './amounts.ts'
import { createOutput } from './output.ts'
import { table } from './table.ts'

/** An output whose words are kept. */
function capture(json: boolean) {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const text = (stream: PassThrough) => stream.read()?.toString() ?? ''
  const output = createOutput({
    json,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stderr as unknown as NodeJS.WriteStream,
  })
  return { output, said: () => ({ stdout: text(stdout), stderr: text(stderr) }) }
}

test('default: people get text, notes go to standard error', () => {
  const { output, said } = capture(false)
  output.note('on the way')
  output.result({ a: 1n }, 'done')
  expect(said()).toEqual({ stdout: 'done\n', stderr: 'on the way\n' })
})

test('behavior: with --json standard output is one JSON value and nothing else; amounts that a double can not hold are strings', () => {
  const { output, said } = capture(true)
  output.note('on the way')
  output.result({ small: 7n, large: 2n ** 90n }, 'done')
  const { stdout, stderr } = said()
  expect(JSON.parse(stdout)).toEqual({ small: 7, large: (2n ** 90n).toString() })
  expect(stderr).toBe('')
})

test('error: an error says what happened and what to do, in JSON field by field', () => {
  const error = new BaseError({
    code: 'no_account',
    message: 'No account was named.',
    fix: 'Name one.',
    field: 'account',
  })
  const people = capture(false)
  people.output.error(error)
  expect(people.said().stderr).toContain('No account was named.\n\nName one.')
  const programs = capture(true)
  programs.output.error(error)
  expect(JSON.parse(programs.said().stderr)).toEqual({
    error: {
      code: 'no_account',
      message: 'No account was named.',
      fix: 'Name one.',
      field: 'account',
      meta: {},
    },
  })
})

test('default: a table lines columns up, numbers to the right', () => {
  const lines = table(
    ['name', 'count'],
    [
      ['a', 5],
      ['longer', 12_345],
    ],
  ).split('\n')
  expect(lines.slice(1)).toEqual(['a           5', 'longer  12345'])
})

test('default: amounts have groups and at most four decimals', () => {
  expect(tokens(1_234_567_000_000_000_000_000_000n)).toBe('1 234 567')
  expect(tokens(1_500_000_000_000_000_000n)).toBe('1.5')
  expect(tokens(1n)).toBe('0')
  expect(tokens(94_999_999_999_999_999_999n)).toBe('94.9999')
})
