import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN, TOTAL_MAX, WAD } from '../arithmetic/units.ts'
import { sellersPart } from './band.ts'
import { advanceBand, type BandEmission, openBand } from './band-emission.ts'

const terms: BandEmission = {
  floorBps: 5_000n,
  capBps: 30_000n,
  netEmissionCap: 10n * TOKEN,
  capFrom: TOKEN,
  reach: WAD / 2n,
  baseTotal: 10n ** 9n * TOKEN,
}
const amount = fc.bigInt({ min: 0n, max: 10n ** 24n })
const epochs = fc.array(
  fc.record({ scheduled: amount, burned: fc.oneof(fc.constant(0n), amount), paidDirectly: amount }),
  { maxLength: 60 },
)

describe('advanceBand', () => {
  test('default: without customers it is the schedule', () => {
    const quiet = { scheduled: 100n * TOKEN, burned: 0n, paidDirectly: 0n }
    expect(advanceBand(terms, openBand, quiet)).toEqual(openBand)
  })

  test('behavior: sellers are topped up to the floor out of what was burned, and get no more than the cap', () => {
    const floor = advanceBand(terms, openBand, {
      scheduled: TOKEN,
      burned: 700n * TOKEN,
      paidDirectly: 0n,
    })
    expect(floor.reminted).toBe(100n * TOKEN)
    const cap = advanceBand(terms, openBand, {
      scheduled: 100n * TOKEN,
      burned: 7n * TOKEN,
      paidDirectly: 0n,
    })
    expect(cap).toEqual({ smoothedBurn: TOKEN, reminted: TOKEN, overflow: 59n * TOKEN })
    expect(sellersPart(101n * TOKEN - cap.overflow, terms.reach)).toBe(21n * TOKEN)
  })

  test('behavior: next to nothing paid does not bring the cap into force', () => {
    const faint = { scheduled: 100n * TOKEN, burned: 1n, paidDirectly: TOKEN - 2n }
    expect(advanceBand(terms, openBand, faint).overflow).toBe(0n)
    expect(advanceBand({ ...terms, capFrom: 0n }, openBand, faint).overflow).toBeGreaterThan(0n)
  })

  test('behavior: never more is emitted again than was burned, nor less than nothing in an epoch, nor is an epoch topped up that overflows', () => {
    fc.assert(
      fc.property(epochs, (given) => {
        let state = openBand
        let burned = 0n
        for (const epoch of given) {
          const next = advanceBand(terms, state, epoch)
          burned += epoch.burned
          expect(next.reminted).toBeLessThanOrEqual(burned)
          const again = next.reminted - state.reminted
          const kept = next.overflow - state.overflow
          expect(kept).toBeLessThanOrEqual(epoch.scheduled + again)
          if (again > terms.netEmissionCap) expect(kept).toBe(0n)
          state = next
        }
      }),
    )
  })

  test('behavior: all emission fits 96 bits, however often the same tokens are burned', () => {
    const tight = { ...terms, baseTotal: TOTAL_MAX - 3n * TOKEN }
    let state = openBand
    for (let epoch = 0; epoch < 9; epoch++) {
      state = advanceBand(tight, state, { scheduled: 0n, burned: 700n * TOKEN, paidDirectly: 0n })
    }
    expect(state.reminted).toBe(3n * TOKEN)
  })

  test('behavior: a burn is forgotten after 450 quiet epochs at most', () => {
    let state = { ...openBand, smoothedBurn: (1n << 96n) - 1n }
    let steps = 0
    for (; state.smoothedBurn > 0n; steps++) {
      state = advanceBand(terms, state, { scheduled: 0n, burned: 0n, paidDirectly: 0n })
    }
    expect(steps).toBeLessThanOrEqual(450)
  })
})
