import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openLedger, settleEpoch } from './ledger.ts'
import { defaultParameters } from './parameters.ts'

const parameters = defaultParameters(1_000)
const price = { value: 20_000_000n, decimals: 8 }
const usd = 1_000_000n

describe('settleEpoch', () => {
  test('default: $100 at $0.20 are 500 tokens, half burned and half to sellers', () => {
    const money = settleEpoch(openLedger(parameters), parameters, 0, 100n * usd, price)
    expect(money.payment).toBe(500n * 10n ** 18n)
    expect(money.burned).toBe(250n * 10n ** 18n)
    expect(money.seller).toBe(250n * 10n ** 18n)
  })

  test('behavior: supply = genesis + emitted − burned, and emitted never passes schedule and burn, whatever happens', () => {
    const day = fc.record({
      credits: fc.bigInt({ min: 0n, max: 10n ** 13n }),
      value: fc.bigInt({ min: 1n, max: 10n ** 11n }),
    })
    fc.assert(
      fc.property(
        fc.array(day, { maxLength: 80 }),
        fc.integer({ min: 0, max: 100 }),
        (days, scheduleEnds) => {
          const given = { ...parameters, token: { ...parameters.token, scheduleEnds } }
          const ledger = openLedger(given)
          let paid = 0n
          days.forEach(({ credits, value }, epoch) => {
            const money = settleEpoch(ledger, given, epoch, credits, { value, decimals: 8 })
            paid += money.coverage + money.usage
            expect(ledger.supply).toBe(given.token.genesisSupply + ledger.emitted - ledger.burned)
            expect(ledger.supply).toBeGreaterThan(0n)
            expect(ledger.emitted + ledger.backlog).toBeLessThanOrEqual(ledger.scheduled + ledger.reEmitted)
            expect(ledger.scheduled).toBeLessThanOrEqual(ledger.schedule.cumulative(epoch + 1))
            expect(ledger.reEmitted).toBeLessThanOrEqual(ledger.burned)
            expect(paid + ledger.toStakers).toBe(ledger.emitted)
            expect(money.burned + money.seller).toBe(money.payment)
          })
        },
      ),
      { numRuns: 60 },
    )
  })

  test('behavior: buying from oneself never pays: the usage program gives back at most what was burned', () => {
    const usageOnly = {
      ...parameters,
      token: { ...parameters.token, weights: [{ epoch: 0, weightsBps: [0, 10_000] }] },
    }
    const ledger = openLedger(usageOnly)
    for (let epoch = 0; epoch < 50; epoch++) {
      const money = settleEpoch(ledger, usageOnly, epoch, BigInt(epoch) * usd, price)
      expect(money.usage).toBeLessThanOrEqual(money.burned)
      expect(money.coverage).toBe(0n)
    }
  })

  test('behavior: the breaker holds back a burst of top-ups, which is paid later', () => {
    const tight = {
      ...parameters,
      token: {
        ...parameters.token,
        breaker: { windowEpochs: 10, limit: 5n * parameters.token.schedule.perEpoch },
      },
    }
    const ledger = openLedger(tight)
    let held = false
    for (let epoch = 0; epoch < 30; epoch++) {
      settleEpoch(ledger, tight, epoch, 0n, price)
      held ||= ledger.backlog > 0n
      expect(ledger.breaker.sum).toBeLessThanOrEqual(tight.token.breaker.limit)
    }
    expect(held).toBe(true)
  })
})
