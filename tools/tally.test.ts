import { describe, expect, test } from 'vitest'
import { parseForgeTally } from './forge-tally.ts'
import { addTallies, formatSkipped, formatTally } from './tally.ts'

const report = JSON.stringify({
  'contracts/test/A.t.sol:A': {
    test_results: {
      'test_Fine()': { status: 'Success', reason: null },
      'test_Broken()': { status: 'Failure', reason: '1 != 2' },
      'test_Later()': { status: 'Skipped', reason: 'needs a fork' },
    },
  },
})

describe('parseForgeTally', () => {
  test('default', () => {
    expect(parseForgeTally(`${report}\n`)).toEqual({
      passed: 1,
      failed: ['contracts/test/A.t.sol:A > test_Broken(): 1 != 2'],
      skipped: [{ name: 'contracts/test/A.t.sol:A > test_Later()', reason: 'needs a fork' }],
    })
  })

  test('behavior: no contracts is no tests', () => {
    expect(parseForgeTally('Nothing to compile\n')).toEqual({ passed: 0, failed: [], skipped: [] })
  })

  test('error: output without a report', () => {
    expect(() => parseForgeTally('Error: Compiler run failed')).toThrow('forge printed no test report')
  })
})

describe('formatTally', () => {
  test('default', () => {
    const one = parseForgeTally(report)
    expect(formatTally(addTallies([one, { passed: 2, failed: [], skipped: [] }]))).toBe(
      '3 passed, 1 failed, 1 skipped',
    )
  })

  test('behavior: says nothing of skipped tests when there are none', () => {
    expect(formatTally({ passed: 2, failed: [], skipped: [] })).toBe('2 passed, 0 failed')
  })

  test('behavior: skipped tests are listed under their reason', () => {
    const skipped = [
      { name: 'a', reason: 'slow' },
      { name: 'b', reason: 'no bwrap' },
      { name: 'c', reason: 'slow' },
    ]
    expect(formatSkipped(skipped)).toBe('  slow:\n    a\n    c\n  no bwrap:\n    b')
  })
})
