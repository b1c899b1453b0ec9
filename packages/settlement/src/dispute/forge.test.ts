import { rootId, verifyTops } from '@cairn/protocol'
import {
  createTestDevices,
  defaultRuleset,
  TEST_NETWORK,
  testEpoch,
  testInput,
  testMeans,
  testSlot,
  testSnapshot,
} from '@cairn/testing'
import { describe, expect, it } from 'vitest'
import { countBytes, countSector } from '../count-sector.fixture.ts'
import { settle } from '../settle.ts'
import { GENESIS } from '../settle-input.ts'
import { play } from './arena.fixture.ts'
import { createFaultFinder } from './find-fault.ts'
import { forgeSettled, type VerifierFault } from './forge.ts'

const devices = createTestDevices(TEST_NETWORK, 5)
const reports = devices.map((device, i) =>
  device.report({ epoch: 0, sequence: 0, timeMs: 1 }, [countBytes(0, i + 1), countBytes(1, 2)]),
)
const ruleset = defaultRuleset(countSector)
const input = testInput([testEpoch(0, ruleset, testSnapshot(0, devices), [testSlot(0, 0, reports)])])
const settled = await settle(input, testMeans(countSector))

const outcomeOf = (fault: VerifierFault) => {
  const forged = forgeSettled(settled, fault, GENESIS)!
  const find = createFaultFinder({ attested: forged.root, honest: settled, parent: GENESIS })
  return play({ root: forged.root, parent: undefined, pots: settled.pots.pots }, find, forged.trees)
}

describe('forgeSettled', () => {
  it.each(['wrong-payout', 'unbacked-work', 'hidden-subtree', 'lie'] as const)(
    'default: the contract takes the root of %s',
    (fault) => {
      const { root, rootId: id, tops, state } = forgeSettled(settled, fault, GENESIS)!
      expect(id).toBe(rootId(TEST_NETWORK, root))
      expect(state.rootId).toBe(id)
      expect(id).not.toBe(settled.rootId)
      expect(verifyTops(root, tops)).toBe(true)
      expect(root.payoutSum).toBeLessThanOrEqual(1_000_000n)
    },
  )

  it('default: each fault loses in its own way', () => {
    expect(outcomeOf('wrong-payout')).toMatchObject({ end: 'proof', kind: 'wrong-payout' })
    expect(outcomeOf('unbacked-work')).toMatchObject({ end: 'timeout', about: 'unbacked' })
    expect(outcomeOf('hidden-subtree')).toMatchObject({ end: 'timeout', about: 'hidden' })
    expect(outcomeOf('lie')).toMatchObject({ end: 'timeout', about: 'hidden' })
  })

  it('behavior: those who agree on a fault make one root, liars each their own', () => {
    const idOf = (fault: VerifierFault, liar?: string) => forgeSettled(settled, fault, GENESIS, liar)!.rootId
    expect(idOf('hidden-subtree', 'a')).toBe(idOf('hidden-subtree', 'b'))
    expect(idOf('lie', 'a')).not.toBe(idOf('lie', 'b'))
  })

  it('behavior: undefined where nobody has anything to take', async () => {
    const idle = await settle(
      testInput([testEpoch(0, ruleset, testSnapshot(0, devices), [])]),
      testMeans(countSector),
    )
    expect(forgeSettled(idle, 'wrong-payout', GENESIS)).toBeUndefined()
    expect(forgeSettled(idle, 'unbacked-work', GENESIS)).toBeUndefined()
  })
})
