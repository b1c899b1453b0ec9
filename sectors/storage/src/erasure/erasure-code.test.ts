import { describe, expect, test } from 'vitest'
import { CODES_BY_SIZE, chooseErasureCode, MAX_INLINE_BYTES } from './erasure-code.ts'

const name = (sizeBytes: number, operators: number) => {
  const code = chooseErasureCode(sizeBytes, operators)
  return typeof code === 'object' ? `${code.dataRows}/${code.rows}` : code
}

describe('chooseErasureCode', () => {
  test('default: larger objects are spread wider', () => {
    expect(name(0, 0)).toBe('inline')
    expect(name(MAX_INLINE_BYTES, 0)).toBe('inline')
    expect(name(MAX_INLINE_BYTES + 1, 200)).toBe('4/6')
    expect(name(64 * 1024, 200)).toBe('4/6')
    expect(name(64 * 1024 + 1, 200)).toBe('8/12')
    expect(name(1024 * 1024 + 1, 200)).toBe('10/16')
    expect(name(64 * 1024 * 1024 + 1, 200)).toBe('29/80')
    expect(name(Number.MAX_SAFE_INTEGER, 80)).toBe('29/80')
  })

  test('behavior: never more rows than operators, and no code where they are enough for none', () => {
    expect(name(1e9, 79)).toBe('10/16')
    expect(name(1e9, 15)).toBe('8/12')
    expect(name(1e9, 6)).toBe('4/6')
    expect(name(1e9, 5)).toBeUndefined()
    expect(name(5000, 5)).toBeUndefined()
  })

  test('behavior: every code survives the loss of a third of its rows', () => {
    for (const { code } of CODES_BY_SIZE)
      expect(3 * (code.rows - code.dataRows)).toBeGreaterThanOrEqual(code.rows)
  })
})
