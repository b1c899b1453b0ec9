import { describe, expect, it } from 'vitest'
import { BOND, isThirdOf, play, WITHIN_MS } from './play.fixture.ts'

describe.each([
  ['colluding-payout', 1],
  ['colluding-hidden', 2],
  ['colluding-unbacked', 4],
])('%s', (attack, kind) => {
  it(
    `default: a challenge of kind ${kind} removes the root, all who attested it are slashed, and devices are paid by the honest one`,
    async () => {
      const { falseRoot, challenge, disputes, bonds, collected, finalRoot, honestRoot, paid } =
        await play(attack)
      expect(falseRoot?.state).toBe('removed')
      expect(challenge).toMatchObject({ kind, transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/) })
      if (kind === 1) expect(disputes.every(({ kind, tree }) => kind === 2 && tree === 'payout')).toBe(true)
      else expect(disputes).toContainEqual(expect.objectContaining({ kind, state: 'won' }))
      expect(bonds.map(({ before }) => BigInt(before))).toEqual([BOND, BOND, BOND])
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([0n, 0n, 0n])
      expect(isThirdOf(3n, collected)).toBe(true)
      expect(finalRoot).not.toBe(falseRoot?.root)
      expect(finalRoot).not.toBeNull()
      expect(finalRoot).toBe(honestRoot)
      expect(BigInt(paid)).toBeGreaterThan(0n)
    },
    WITHIN_MS,
  )

  it(
    'control: with nobody watching, the false root becomes final and costs nobody anything',
    async () => {
      const { falseRoot, challenge, bonds, finalRoot, honestRoot } = await play(attack, '--no-watcher')
      expect(falseRoot?.state).toBe('final')
      expect(challenge).toBeNull()
      expect(bonds.map(({ after }) => BigInt(after))).toEqual([BOND, BOND, BOND])
      expect(finalRoot).toBe(falseRoot?.root)
      expect(finalRoot).not.toBe(honestRoot)
    },
    WITHIN_MS,
  )
})
