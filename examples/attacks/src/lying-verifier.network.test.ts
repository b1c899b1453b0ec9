import { describe, expect, it } from 'vitest'
import { BOND, play, WITHIN_MS } from './play.fixture.ts'

describe('lying-verifier', () => {
  it(
    'default: it is outvoted, and nothing happens to the honest ones',
    async () => {
      const { falseRoot, challenge, bonds, finalRoot, honestRoot, paid } = await play('lying-verifier')
      expect(falseRoot?.state).toBe('attesting')
      expect(challenge).toBeNull()
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([BOND, BOND, BOND])
      expect(finalRoot).not.toBeNull()
      expect(finalRoot).toBe(honestRoot)
      expect(BigInt(paid)).toBeGreaterThan(0n)
    },
    WITHIN_MS,
  )

  it(
    'control: where two of three lie, each alone, no root becomes final',
    async () => {
      const { finalRoot, honestRoot, paid } = await play('lying-verifier', '--liars', '2', '--no-watcher')
      expect(finalRoot).toBeNull()
      expect(honestRoot).toBeNull()
      expect(BigInt(paid)).toBe(0n)
    },
    WITHIN_MS,
  )
})
