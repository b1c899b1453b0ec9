import { type Root, rootId, toHex } from '@cairn/protocol'
import {
  createTestDevices,
  defaultRuleset,
  seededRandom,
  TEST_NETWORK,
  testEpoch,
  testInput,
  testMeans,
  testSlot,
  testSnapshot,
} from '@cairn/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countBytes, countSector } from '../count-sector.fixture.ts'
import { type Settled, settle } from '../settle.ts'
import { GENESIS, type SettledState } from '../settle-input.ts'
import { type Outcome, play } from './arena.fixture.ts'
import { createFaultFinder } from './find-fault.ts'
import { type Claim, claimOf, claimRoot, forgedTrees } from './forged-trees.fixture.ts'
import { treesOf } from './root-trees.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 30)
const ruleset = defaultRuleset(countSector)
const means = testMeans(countSector)
const devices = createTestDevices(TEST_NETWORK, 9)

interface Scene {
  readonly settled: Settled
  readonly before: Settled | undefined
  readonly parent: SettledState
  readonly random: () => number
}

/** A small network with a random number of devices and reports, and with or without a root before. */
async function sceneOf(seed: number): Promise<Scene> {
  const random = seededRandom(seed)
  const below = (n: number) => Math.floor(random() * n)
  const count = 1 + below(devices.length)
  const mine = devices.slice(0, count)
  const epochOf = (epoch: number, slot: number) => {
    const reports = Array.from({ length: 1 + below(8) }, (_, sequence) => {
      const device = mine[below(count)]!
      const counts = Array.from({ length: 1 + below(4) }, () => countBytes(below(3), below(5)))
      return device.report({ epoch, sequence, timeMs: 1 }, counts)
    })
    const paid = mine[0]!.report({ epoch, sequence: 99, timeMs: 1 }, [countBytes(0, 3)])
    return testEpoch(epoch, ruleset, testSnapshot(epoch, mine), [testSlot(slot, epoch, [...reports, paid])])
  }
  const hasParent = below(2) === 1
  const before = hasParent ? await settle(testInput([epochOf(0, 0)]), means) : undefined
  const parent = before?.state ?? GENESIS
  const settled = await settle(testInput([epochOf(hasParent ? 1 : 0, hasParent ? 1 : 0)], { parent }), means)
  return { settled, before, parent, random }
}

/** Changes a true claim; undefined where the scene has nothing to change in this way. */
type Forge = (claim: Claim, scene: Scene, below: (n: number) => number) => Claim | undefined

async function playFault(seed: number, forge: Forge, answers = true): Promise<Outcome | undefined> {
  const scene = await sceneOf(seed)
  const { settled, before, parent, random } = scene
  const claim = forge(claimOf(settled), scene, (n) => Math.floor(random() * n))
  if (claim === undefined) return undefined
  const trees = forgedTrees(claim, treesOf(settled))
  const root: Root = claimRoot(settled.root, trees)
  if (rootId(TEST_NETWORK, root) === settled.rootId) return undefined
  const find = createFaultFinder({ attested: root, honest: settled, parent })
  const about = { root, parent: before?.root, pots: settled.pots.pots }
  return play(about, find, answers ? { ...trees, root, rootId: rootId(TEST_NETWORK, root) } : undefined)
}

/** Plays many scenes and says how they ended. At least some of them have to have the fault. */
async function outcomesOf(forge: Forge, check: (outcome: Outcome) => void, answers = true): Promise<void> {
  let played = 0
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1e9 }), async (seed) => {
      const outcome = await playFault(seed, forge, answers)
      if (outcome === undefined) return
      played += 1
      check(outcome)
    }),
    { numRuns },
  )
  expect(played).toBeGreaterThan(numRuns / 6)
}

const proven =
  (...kinds: string[]) =>
  (outcome: Outcome) => {
    expect(outcome.end).toBe('proof')
    expect(kinds).toContain((outcome as { kind: string }).kind)
  }

describe('disputes', () => {
  it('default: a changed payout ends in its proof', () =>
    outcomesOf(
      (claim, _, below) => ({
        ...claim,
        payouts: change(claim.payouts, below(claim.payouts.length), (leaf) => plusOne(leaf, 19)),
      }),
      proven('wrong-payout'),
    ))

  it('default: sums that do not add up in a payout tree', () =>
    outcomesOf((claim, { settled }, below) => {
      const { depth } = settled.payoutTree
      if (depth < 2) return undefined
      const height = below(depth)
      return {
        ...claim,
        broken: { tree: 'payout', device: 0, height, position: below(2 ** (depth - height)) },
      }
    }, badSumOrHidden('bad-payout-sum')))

  it('default: sums that do not add up in a work tree', () =>
    outcomesOf((claim, { settled }, below) => {
      const { depth } = settled.workTree
      if (depth < 2) return undefined
      const height = below(depth)
      return { ...claim, broken: { tree: 'work', device: 0, height, position: below(2 ** (depth - height)) } }
    }, badSumOrHidden('bad-work-sum')))

  it('default: sums that do not add up in a verdict tree', () =>
    outcomesOf((claim, _, below) => {
      const device = below(claim.verdicts.length)
      const depth = Math.ceil(Math.log2(claim.verdicts[device]!.length || 1))
      if (depth < 1) return undefined
      const height = below(depth + 1)
      return { ...claim, broken: { tree: 'verdict', device, height, position: below(2 ** (depth - height)) } }
    }, badSumOrHidden('bad-verdict-sum')))

  it('default: an added entry has no backing', () =>
    outcomesOf(
      (claim, { settled }, below) => {
        const device = below(claim.verdicts.length)
        const slot = settled.job.slots.at(-1)!.slot
        const key = { slot, index: below(20), observation: 9 }
        return { ...claim, verdicts: insert(claim.verdicts, device, key, 7) }
      },
      (outcome) => expect(outcome).toMatchObject({ end: 'timeout', about: 'unbacked' }),
    ))

  it('default: an entry that was given to a report elsewhere has no backing', () =>
    outcomesOf(
      (claim, _, below) => {
        const device = below(claim.verdicts.length)
        const own = claim.verdicts[device]!
        const at = own.findIndex(hasWork)
        if (at === -1) return undefined
        const moved = own[at]!.slice()
        new DataView(moved.buffer).setUint32(4, 1_000)
        const others = own.filter((_, i) => i !== at)
        return { ...claim, verdicts: change(claim.verdicts, device, () => [...others, moved]) }
      },
      (outcome) => expect(outcome).toMatchObject({ end: 'timeout', about: 'unbacked' }),
    ))

  it('default: an entry that stands there twice is out of order', () =>
    outcomesOf((claim, _, below) => {
      const device = below(claim.verdicts.length)
      const own = claim.verdicts[device]!
      if (own.length === 0) return undefined
      const again = own[below(own.length)]!
      return { ...claim, verdicts: change(claim.verdicts, device, () => [...own, again]) }
    }, proven('disorder')))

  it('default: entries that changed places are out of order', () =>
    outcomesOf((claim, _, below) => {
      const device = claim.verdicts.findIndex((own) => own.length > 2)
      if (device === -1) return undefined
      const own = [...claim.verdicts[device]!]
      const at = below(own.length - 1)
      ;[own[at], own[at + 1]] = [own[at + 1]!, own[at]!]
      return { ...claim, verdicts: change(claim.verdicts, device, () => own) }
    }, proven('disorder')))

  it('default: more or fewer entries than are counted can not be shown', () =>
    outcomesOf(
      (claim, _, below) => {
        const device = below(claim.verdicts.length)
        const count = claim.verdicts[device]!.length
        const claimed = [count + 1, count - 1, 2 * count + 3, 0xffff_ffff][below(4)]!
        return claimed < 0 ? undefined : { ...claim, verdictCounts: new Map([[device, claimed]]) }
      },
      (outcome) => expect(outcome).toMatchObject({ end: 'timeout', about: 'hidden' }),
    ))

  it.each(['payout', 'work', 'carry'] as const)('default: a hidden part of the %s tree', (tree) =>
    outcomesOf(
      (claim, { settled }, below) => {
        const depth = { payout: settled.payoutTree, work: settled.workTree, carry: settled.carryTree }[tree]
          .depth
        const height = below(depth + 1)
        return { ...claim, hidden: { tree, device: 0, height, position: below(2 ** (depth - height)) } }
      },
      (outcome) => expect(outcome).toMatchObject({ end: 'timeout', about: 'hidden' }),
    ),
  )

  it('default: nobody answers at all', () =>
    outcomesOf(
      (claim, _, below) => ({
        ...claim,
        payouts: change(claim.payouts, below(claim.payouts.length), (leaf) => plusOne(leaf, 19)),
      }),
      (outcome) => expect(['timeout', 'proof']).toContain(outcome.end),
      false,
    ))

  it('behavior: a changed carry that can be shown is beyond these challenges, and so said', () =>
    outcomesOf(
      (claim, _, below) => {
        if (claim.carry.length === 0) return undefined
        const at = below(claim.carry.length)
        return { ...claim, carry: change(claim.carry, at, (leaf) => plusOne(leaf, leaf.length - 1)) }
      },
      (outcome) => {
        expect(outcome.end).toBe('nothing')
        expect(outcome.end === 'nothing' && outcome.unprovable[0]).toContain('carry')
      },
    ))

  it('behavior: other work for a report that stands there is beyond these challenges, and so said', () =>
    outcomesOf(
      (claim, _, below) => {
        const device = claim.verdicts.findIndex((own) => own.some(hasWork))
        if (device === -1 || below(1) === 1) return undefined
        const own = claim.verdicts[device]!
        const at = own.findIndex(hasWork)
        return {
          ...claim,
          isPaid: true,
          verdicts: change(claim.verdicts, device, () => change(own, at, (leaf) => plusOne(leaf, 23))),
        }
      },
      (outcome) => {
        expect(outcome.end).toBe('nothing')
        expect(outcome.end === 'nothing' && outcome.unprovable[0]).toContain('rests on a report')
      },
    ))

  it('behavior: never a move against a true root', async () => {
    const { settled, parent } = await sceneOf(7)
    const find = createFaultFinder({ attested: settled.root, honest: settled, parent })
    const about = { root: settled.root, parent: undefined, pots: settled.pots.pots }
    expect(play(about, find, treesOf(settled))).toEqual({ end: 'nothing', unprovable: [], opened: 0 })
  })
})

/** The node above the broken one shows it, or it is a leaf whose sums nothing can make. */
function badSumOrHidden(kind: string) {
  return (outcome: Outcome) => {
    if (outcome.end === 'proof') expect(outcome.kind).toBe(kind)
    else expect(outcome).toMatchObject({ end: 'timeout', about: 'hidden' })
  }
}

function change<T>(list: readonly T[], at: number, to: (item: T) => T): T[] {
  return list.map((item, i) => (i === at ? to(item) : item))
}

function plusOne(leaf: Uint8Array, at: number): Uint8Array {
  const changed = leaf.slice()
  changed[at] = (changed[at]! + 1) % 256
  return changed
}

function hasWork(leaf: Uint8Array): boolean {
  return leaf.subarray(12).some((byte) => byte !== 0)
}

function insert(
  verdicts: readonly (readonly Uint8Array[])[],
  device: number,
  { slot, index, observation }: { slot: number; index: number; observation: number },
  work: number,
): Uint8Array[][] {
  const leaf = new Uint8Array(60)
  const view = new DataView(leaf.buffer)
  view.setUint32(0, slot)
  view.setUint32(4, index)
  view.setUint16(8, observation)
  leaf[23] = work
  const own = [...verdicts[device]!, leaf].sort((a, b) => (toHex(a) < toHex(b) ? -1 : 1))
  return change(verdicts, device, () => own).map((leaves) => [...leaves])
}
