import { describe, expect, it } from 'vitest'
import { BOND, isThirdOf, play, WITHIN_MS } from './play.fixture.ts'

describe.each([
  ['dropped-report', 7],
  ['equivocating-ingest', 8],
])('%s', (attack, kind) => {
  it(
    `default: a receipt in the hands of a watcher proves it (kind ${kind}), and the ingest loses its bond`,
    async () => {
      const { challenge, bonds, collected, finalRoot, honestRoot, paid } = await play(attack)
      expect(challenge).toMatchObject({ kind, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
      // The honest ingest beside it keeps its own.
      expect(bonds.map(({ before }) => BigInt(before))).toEqual([BOND, BOND])
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([0n, BOND])
      expect(isThirdOf(1n, collected)).toBe(true)
      expect(finalRoot).not.toBeNull()
      expect(finalRoot).toBe(honestRoot)
      expect(BigInt(paid)).toBeGreaterThan(0n)
    },
    WITHIN_MS,
  )

  it(
    'control: with nobody to give receipts to, the ingest keeps its bond',
    async () => {
      const { challenge, bonds, finalRoot } = await play(attack, '--no-watcher')
      expect(finalRoot).not.toBeNull()
      expect(challenge).toBeNull()
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([BOND, BOND])
    },
    WITHIN_MS,
  )
})
