import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TOKEN } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'
import { CREDITS_PER_USD } from './credits.ts'
import {
  collateralRatioBps,
  emptyRemintVault,
  mintCreditsFor,
  mintExactCredits,
  settleCredits,
  watchRatio,
} from './remint-vault.ts'

const limits = { spreadBps: 0n, haltBps: 9_000n, restartBps: 9_300n }
const usd = (cents: bigint) => ({ value: cents * 1_000_000n, decimals: 8 })
const micro = (tokens: bigint): bigint => tokens / 10n ** 12n

/** akash-network/AEP, spec/aep-76/README.md; amounts with 6 decimals. */
describe("AEP-76's examples", () => {
  const credits = 1_000n * CREDITS_PER_USD
  const { vault, burned } = mintExactCredits(limits, emptyRemintVault, credits, usd(114n))!

  test('default: $1 000 at $1.14 burn 877.192982', () => {
    expect(micro(burned)).toBe(877_192_982n)
    expect(vault.outstanding).toBe(credits)
  })

  test('behavior: settled at $1.50, 666.666667 are paid, published rounded: 666.666666 rounded down; net −210.526316', () => {
    const { paid, minted } = settleCredits(limits, vault, credits, usd(150n))
    expect(micro(paid)).toBe(666_666_666n)
    expect(minted).toBe(0n)
    expect(micro(burned - paid + 500_000_000_000n)).toBe(210_526_316n)
  })

  test('behavior: settled at $0.90, 1 111.111111 are paid, of which 233.918129 are new', () => {
    const { paid, fromVault, minted } = settleCredits(limits, vault, credits, usd(90n))
    expect(micro(paid)).toBe(1_111_111_111n)
    expect(fromVault).toBe(burned)
    // Published +233.918129, the exact value being 233.918128654…
    expect(micro(minted)).toBe(233_918_128n)
    expect(micro(minted + 500_000_000_000n)).toBe(233_918_129n)
  })

  test('behavior: $10 M at $1.14 burn 8 771 929 (published whole), pay 8 000 000 at $1.25, and cover 105.26 % at $1.20, published 1.053', () => {
    const large = mintExactCredits(limits, emptyRemintVault, 10_000_000n * CREDITS_PER_USD, usd(114n))!
    expect(large.burned / TOKEN).toBe(8_771_929n)
    expect(settleCredits(limits, large.vault, large.vault.outstanding, usd(125n)).paid).toBe(
      8_000_000n * TOKEN,
    )
    expect(collateralRatioBps(large.vault, usd(120n))).toBe(10_526n)
  })

  test('behavior: the published ΔSupply, 1/P_mint − 1/P_settle, has the sign of a net burn: supply changes by its opposite', () => {
    const { paid } = settleCredits(limits, vault, credits, usd(150n))
    const published = 1_000 / 1.14 - 1_000 / 1.5
    expect(Number(paid - burned) / 1e18).toBeCloseTo(-published, 9)
  })
})

describe('remint vault', () => {
  test('behavior: minting halts below 90 % and begins again at 93 %; settling goes on', () => {
    const { vault } = mintExactCredits(limits, emptyRemintVault, 1_000n * CREDITS_PER_USD, usd(100n))!
    expect(watchRatio(limits, vault, usd(90n)).paused).toBe(false)
    const halted = watchRatio(limits, vault, usd(89n))
    expect(halted.paused).toBe(true)
    expect(mintExactCredits(limits, halted, 1n, usd(89n))).toBeUndefined()
    expect(mintCreditsFor(limits, halted, TOKEN, usd(89n))).toBeUndefined()
    expect(settleCredits(limits, halted, 1_000n, usd(89n)).paid).toBeGreaterThan(0n)
    expect(watchRatio(limits, halted, usd(92n)).paused).toBe(true)
    expect(watchRatio(limits, halted, usd(93n)).paused).toBe(false)
  })

  test('behavior: a spread of 25 basis points stays in the vault', () => {
    const withSpread = { ...limits, spreadBps: 25n }
    const { credits } = mintCreditsFor(withSpread, emptyRemintVault, TOKEN, usd(100n))!
    expect(credits).toBe(997_500n)
    const { burned } = mintExactCredits(withSpread, emptyRemintVault, credits, usd(100n))!
    expect(burned).toBe(TOKEN)
  })

  test('behavior: supply is what was minted less what was burned, whatever happens, and nothing is paid twice', () => {
    const step = fc.record({
      settle: fc.boolean(),
      amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      cents: fc.bigInt({ min: 1n, max: 1_000n }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let vault = emptyRemintVault
        let supply = 0n
        let burnedEver = 0n
        let paidEver = 0n
        let mintedEver = 0n
        for (const { settle, amount, cents } of steps) {
          if (settle) {
            const credits = amount % (vault.outstanding + 1n)
            const payment = settleCredits(limits, vault, credits, usd(cents))
            vault = payment.vault
            supply += payment.paid
            paidEver += payment.paid
            mintedEver += payment.minted
          } else {
            const mint = mintExactCredits(limits, vault, amount, usd(cents))
            if (mint === undefined) continue
            vault = mint.vault
            supply -= mint.burned
            burnedEver += mint.burned
          }
          expect(supply).toBe(mintedEver - vault.remintable)
          expect(supply).toBe(paidEver - burnedEver)
          expect(vault.remintable >= 0n && vault.outstanding >= 0n).toBe(true)
        }
      }),
    )
  })

  test('error: settling more than there is, and a restart below the halt', () => {
    expect(() => settleCredits(limits, emptyRemintVault, 1n, usd(100n))).toThrow(EconomicsError)
    expect(() => watchRatio({ ...limits, restartBps: 8_999n }, emptyRemintVault, usd(100n))).toThrow(
      EconomicsError,
    )
  })
})
