import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EconomicsError } from '../economics-error.ts'
import { letFlow, openBreaker } from './outflow-breaker.ts'

const limits = { windowEpochs: 3, limit: 100n }

describe('letFlow', () => {
  test('default: what is above the window waits, and flows when the window has moved on', () => {
    const first = letFlow(limits, openBreaker(limits), 0, 70n)
    expect(first).toMatchObject({ paid: 70n, deferred: 0n })
    const second = letFlow(limits, first.breaker, 2, 70n)
    expect(second).toMatchObject({ paid: 30n, deferred: 40n })
    expect(letFlow(limits, second.breaker, 3, 40n)).toMatchObject({ paid: 40n, deferred: 0n })
  })

  test('behavior: no window of epochs ever passes the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.bigInt({ min: 0n, max: 80n })), {
          maxLength: 60,
        }),
        (windowEpochs, flows) => {
          const given = { windowEpochs, limit: 100n }
          let breaker = openBreaker(given)
          const paid: { epoch: number; amount: bigint }[] = []
          let epoch = 0
          for (const [later, amount] of flows) {
            epoch += later
            const flow = letFlow(given, breaker, epoch, amount)
            breaker = flow.breaker
            expect(flow.paid + flow.deferred).toBe(amount)
            paid.push({ epoch, amount: flow.paid })
            const inWindow = paid.filter((each) => each.epoch > epoch - windowEpochs)
            const sum = inWindow.reduce((total, each) => total + each.amount, 0n)
            expect(sum).toBeLessThanOrEqual(100n)
            expect(breaker.sum).toBe(sum)
            if (flow.deferred > 0n) expect(sum).toBe(100n)
          }
        },
      ),
    )
  })

  test('behavior: a limit lowered below what flowed lets nothing flow', () => {
    const { breaker } = letFlow(limits, openBreaker(limits), 0, 70n)
    expect(letFlow({ ...limits, limit: 50n }, breaker, 1, 10n)).toMatchObject({ paid: 0n, deferred: 10n })
  })

  test('error: epochs go forward, and a window has 1 to 64', () => {
    const { breaker } = letFlow(limits, openBreaker(limits), 5, 1n)
    expect(() => letFlow(limits, breaker, 4, 1n)).toThrow(EconomicsError)
    expect(() => openBreaker({ windowEpochs: 0, limit: 1n })).toThrow(EconomicsError)
    expect(() => openBreaker({ windowEpochs: 65, limit: 1n })).toThrow(EconomicsError)
  })
})
