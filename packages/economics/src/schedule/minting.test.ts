import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Q128 } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'
import {
  advanceMinting,
  FILECOIN_MINTING,
  mintingReward,
  openMinting,
  rewardTheta,
} from './baseline-minting.ts'
import { halfLifeRate, simpleMinting } from './simple-minting.ts'

const folder = new URL('../../../../../shared/data/economics/', import.meta.url)
const isMissing = !existsSync(folder)

const rows = (name: string): bigint[][] =>
  readFileSync(new URL(name, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(BigInt))

/** filecoin-project/specs-actors, actors/builtin/reward/testdata. */
describe.skipIf(isMissing)(
  `Filecoin's golden rewards${isMissing ? ' (left out: ../shared/data/economics is not there)' : ''}`,
  () => {
    test('default: all 512 rows of simple minting', () => {
      const golden = rows('filecoin-TestSimpleReward.golden')
      expect(golden).toHaveLength(512)
      for (const [epoch, reward] of golden) {
        expect(mintingReward(FILECOIN_MINTING, Number(epoch), 0n, 0n)).toBe(reward)
      }
    })

    test('default: all 512 rows of baseline minting, which are rewards of epoch 0 less its simple part', () => {
      const golden = rows('filecoin-TestBaselineReward.golden')
      const simple = mintingReward(FILECOIN_MINTING, 0, 0n, 0n)
      expect(golden).toHaveLength(512)
      for (const [theta0, theta1, reward] of golden) {
        expect(mintingReward(FILECOIN_MINTING, 0, theta0!, theta1!) - simple).toBe(reward)
      }
    })
  },
)

describe('advanceMinting', () => {
  test('default: with no power, epoch 0 mints the simple part alone', () => {
    const { reward, state } = advanceMinting(FILECOIN_MINTING, openMinting(FILECOIN_MINTING), 0n)
    expect(reward).toBe(36_266_264_293_777_134_739n)
    expect(state.epoch).toBe(0)
  })

  test('behavior: power beyond the baseline mints nothing more', () => {
    const state = openMinting(FILECOIN_MINTING)
    const baseline = (state.baseline * FILECOIN_MINTING.baselineGrowth) >> 128n
    const at = advanceMinting(FILECOIN_MINTING, state, baseline)
    expect(at.reward).toBeGreaterThan(36_266_264_293_777_134_739n)
    expect(advanceMinting(FILECOIN_MINTING, state, 2n * baseline).reward).toBe(at.reward)
    expect(advanceMinting(FILECOIN_MINTING, state, baseline / 2n).reward).toBeLessThan(at.reward)
  })

  test('behavior: effective time is between whole epochs by a straight line (reward_logic_test)', () => {
    const theta = (effectiveTime: number, realisedSum: bigint, baselineSum: bigint) =>
      rewardTheta({
        effectiveTime,
        effectiveBaseline: BigInt(effectiveTime + 1) * 2048n,
        realisedSum,
        baselineSum,
      })
    expect(theta(1, 2048n + 2048n, 2048n + 4096n)).toBe(Q128 / 2n)
    expect(theta(1, 2048n + 1024n, 2048n + 4096n)).toBe(Q128 / 4n)
    const sum15 = Array.from({ length: 16 }, (_, epoch) => BigInt(epoch + 1) * 2048n).reduce((a, b) => a + b)
    const at16 = 17n * 2048n
    expect(theta(16, sum15 + at16 / 4n, sum15 + at16)).toBe(15n * Q128 + Q128 / 4n)
    expect(theta(0, 0n, 0n)).toBe(0n)
  })

  test('behavior: whatever the power, rewards are positive and their sum stays within both budgets', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 1n << 64n }), { maxLength: 60 }), (powers) => {
        let state = openMinting(FILECOIN_MINTING)
        let minted = 0n
        for (const power of powers) {
          const step = advanceMinting(FILECOIN_MINTING, state, power)
          expect(step.reward).toBeGreaterThan(0n)
          expect(step.state.effectiveTime).toBeLessThanOrEqual(step.state.epoch + 2)
          minted += step.reward
          state = step.state
        }
        expect(minted).toBeLessThan(FILECOIN_MINTING.simpleTotal + FILECOIN_MINTING.baselineTotal)
      }),
      { numRuns: 20 },
    )
  })
})

describe('simpleMinting', () => {
  const { lambda } = FILECOIN_MINTING
  const schedule = simpleMinting({ asymptote: FILECOIN_MINTING.simpleTotal, lambda })

  test('default: half of it is out after a half-life of six years', () => {
    const emitted = schedule.cumulative(6 * 1_051_200)
    expect(FILECOIN_MINTING.simpleTotal / 2n - emitted).toBeLessThan(10n ** 12n)
    expect(emitted).toBeLessThanOrEqual(FILECOIN_MINTING.simpleTotal / 2n)
  })

  test("behavior: an epoch emits what Filecoin's simple reward pays in the next, to the last digit but one", () => {
    for (const epoch of [0, 1, 5000, 2_555_000]) {
      const emitted = schedule.cumulative(epoch + 1) - schedule.cumulative(epoch)
      const paid = mintingReward(FILECOIN_MINTING, epoch + 1, 0n, 0n)
      expect(emitted - paid <= 1n && paid - emitted <= 1n).toBe(true)
    }
  })

  test('behavior: it never falls and never passes its total', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 1n << 90n }),
        fc.bigInt({ min: 1n << 64n, max: 1n << 120n }),
        fc.integer({ min: 0, max: 0xffff_fffe }),
        (asymptote, lambda, epoch) => {
          const { cumulative, total } = simpleMinting({ asymptote, lambda })
          expect(cumulative(0)).toBe(0n)
          expect(cumulative(epoch)).toBeLessThanOrEqual(cumulative(epoch + 1))
          expect(cumulative(epoch + 1)).toBeLessThanOrEqual(total)
          expect(total).toBeLessThanOrEqual(asymptote)
        },
      ),
      { numRuns: 500 },
    )
  })

  test("default: a half-life of six years of Filecoin's epochs is its λ", () => {
    expect(halfLifeRate(6 * 1_051_200)).toBe(FILECOIN_MINTING.lambda)
    expect(() => halfLifeRate(1)).toThrow(EconomicsError)
  })

  test('error: a decay too slow for its arithmetic is refused', () => {
    expect(() => simpleMinting({ asymptote: 1n, lambda: (1n << 64n) - 1n })).toThrow(EconomicsError)
  })
})
