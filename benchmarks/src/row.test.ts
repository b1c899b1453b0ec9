import { describe, expect, it } from 'vitest'
import { describeBudget, isMet } from './row.ts'

describe('isMet', () => {
  it('default: a budget is met up to and with its bound', () => {
    expect([0.79, 0.8, 0.81].map((ratio) => isMet({ atLeast: 0.8 }, ratio))).toEqual([false, true, true])
    expect([0.99, 1, 1.01].map((ratio) => isMet({ atMost: 1 }, ratio))).toEqual([true, true, false])
  })

  it('behavior: what is no number meets nothing', () => {
    expect(isMet({ atLeast: 0.8 }, Number.POSITIVE_INFINITY)).toBe(false)
    expect(isMet({ atMost: 1 }, Number.NaN)).toBe(false)
  })

  it('behavior: budgets are said in words of one line', () => {
    expect(describeBudget({ atLeast: 50 })).toBe('ratio ≥ 50')
    expect(describeBudget({ atMost: 0.85 })).toBe('ratio ≤ 0.85')
  })
})
