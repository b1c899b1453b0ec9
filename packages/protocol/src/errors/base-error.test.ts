import { describe, expect, test } from 'vitest'
import { BaseError } from './base-error.ts'
import { describeValue } from './describe-value.ts'

describe('BaseError', () => {
  test('default: the message is what happened, an empty line, what to do', () => {
    const cause = new Error('below')
    const error = new BaseError({
      code: 'too_big',
      message: 'The box has 3 kg.',
      fix: 'Take some out.',
      field: 'box',
      value: '3',
      meta: { limit: 2 },
      cause,
    })
    expect(error.message).toBe('The box has 3 kg.\n\nTake some out.')
    expect(error).toMatchObject({ code: 'too_big', field: 'box', value: '3', fix: 'Take some out.' })
    expect(error.meta).toEqual({ limit: 2 })
    expect(error.cause).toBe(cause)
  })

  test('behavior: without a cause there is no such property', () => {
    const error = new BaseError({ code: 'x', message: 'x.', fix: 'y.' })
    expect('cause' in error).toBe(false)
    expect(error.meta).toEqual({})
  })
})

describe('describeValue', () => {
  test.for([
    ['text', '"text"'],
    ['a\n"b"', '"a\\n\\"b\\""'],
    ['x'.repeat(81), `"${'x'.repeat(80)}…"`],
    [12, '12'],
    [12n, '12n'],
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    [new Uint8Array(3), '3 bytes'],
    [[1, 2], 'an array of 2'],
    [{}, 'a value of type object'],
    [Symbol('s'), 'a value of type symbol'],
  ] as const)('default: %o', ([value, text]) => {
    expect(describeValue(value)).toBe(text)
  })

  test('behavior: runs no code of the value', () => {
    const hostile = new Proxy(
      {
        toString: () => {
          throw new Error('ran')
        },
      },
      {
        get: () => {
          throw new Error('ran')
        },
      },
    )
    expect(describeValue({ toString: hostile })).toBe('a value of type object')
  })
})
