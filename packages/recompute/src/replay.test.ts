import {
  BaseError,
  defineSector,
  type Hex,
  parseReport,
  type Root,
  reportHash,
  rulesetHash,
  serializeRuleset,
  toHex,
  type Work4,
} from '@cairn/protocol'
import { createTestDevices, TEST_NETWORK, testMeans, testSlot, testSnapshot } from '@cairn/testing'
import { expect, test } from 'vitest'
import type { NetworkView, SlotView } from './network-view.ts'
import { createRecomputer } from './recomputer.ts'
import { type ProposedRules, proposedView, type Replay, replayRoots } from './replay.ts'
import { memoryStateStore } from './state-file.ts'

/** An observation is a count; one of at least `least` covers once, and is used as often as it says. */
const meter = defineSector({
  id: 'meter',
  version: 1,
  title: 'Meters',
  defaultPrograms: [
    { name: 'coverage', weightBps: 5_000 },
    { name: 'usage', weightBps: 5_000 },
  ],
  defaultParams: { least: 1 },
  parseParams: (json) => json as { least: number },
  reasons: { 100: 'The count is too small.' },
  parse: (bytes) => {
    if (bytes.length === 1) return bytes[0]!
    throw new BaseError({ code: 'malformed', message: 'Not a byte.', fix: 'Send one.' })
  },
  partition: () => 'all',
  verify: ({ items, carry }, { params: { least } }) => ({
    verdicts: items.map(({ observation }) =>
      observation < least ? { reason: 100 } : { reason: 0, credit: BigInt(observation) },
    ),
    carry: Uint8Array.of((carry?.[0] ?? 0) + 1),
  }),
  reward: (verdicts) => verdicts.map(({ credit }) => (credit === undefined ? [0n, 0n] : [1n, credit])),
  describe: (count) => ({ count }),
  facets: {},
})

const means = testMeans(meter)
const devices = createTestDevices(TEST_NETWORK, 3)

type Weights = readonly [number, number]
const rulesOf = ([coverage, usage]: Weights, least = 1) => {
  const document = serializeRuleset({
    sector: 'meter',
    version: 1,
    programs: [
      { name: 'coverage', weightBps: coverage },
      { name: 'usage', weightBps: usage },
    ],
    params: { least },
    carryEpochs: 8,
  })
  return { hash: rulesetHash(document), document }
}
/** A thousand an epoch. */
const budgetBy =
  ([coverage, usage]: Weights) =>
  async (first: number, last: number): Promise<Work4> => {
    const emitted = 1_000n * BigInt(last - first + 1)
    return [(emitted * BigInt(coverage)) / 10_000n, (emitted * BigInt(usage)) / 10_000n, 0n, 0n]
  }

/** A network whose devices sent these counts, epoch by epoch (0: nothing), and a root for each epoch. */
async function networkOf(counts: readonly (readonly number[])[]) {
  const rules = rulesOf([5_000, 5_000])
  const reports = counts.map((ofEpoch, epoch) =>
    ofEpoch.flatMap((count, device) =>
      count === 0 ? [] : [devices[device]!.report({ epoch, sequence: 0, timeMs: 1 }, [Uint8Array.of(count)])],
    ),
  )
  const slots = reports.map((list, epoch) => testSlot(epoch, epoch, list))
  const roots = new Map<Hex, Root>()
  const view: NetworkView = {
    network: TEST_NETWORK,
    genesisMs: 0,
    epochMs: 60_000,
    slots: () =>
      slots.map(
        ({ slot, epoch, root, reports: list }): SlotView => ({
          slot,
          epoch,
          root,
          sealedIn: epoch,
          skipped: false,
          ingest: `0x${'11'.repeat(20)}`,
          count: list.length,
          sizeBytes: 0,
        }),
      ),
    snapshotAt: (epoch) => testSnapshot(epoch, devices),
    rulesetAt: () => rules,
    beaconOf: (epoch) => new Uint8Array(32).fill(epoch + 1),
    rootOf: (rootId) => roots.get(rootId),
    budgetOf: budgetBy([5_000, 5_000]),
  }
  const recomputer = createRecomputer({
    view,
    means,
    reportsOf: async ({ slot }) => reports[slot]!,
    states: memoryStateStore(),
  })
  const standing: { rootId: Hex; root: Root }[] = []
  for (const [epoch] of counts.entries()) {
    const { rootId, root } = await recomputer.settleAfter(
      standing.at(-1)?.rootId ?? `0x${'00'.repeat(32)}`,
      epoch,
    )
    roots.set(rootId, root)
    standing.push({ rootId, root })
  }
  return { view, recomputer, standing, reports, rules }
}

const table = ({ devices: list }: Replay) => list.map(({ before, after }) => [before, after])
const counts = [
  [10, 30, 0],
  [10, 30, 20],
]

test('default: halving a program’s weight, by hand', async () => {
  const { recomputer, standing } = await networkOf(counts)
  const proposed: Weights = [2_500, 7_500]
  const rules = { ruleset: rulesOf(proposed), budgetOf: budgetBy(proposed) }
  const replay = await replayRoots(recomputer, standing, rules)
  // Epoch 0: 500 by 2 and 500 by 40, then 250 by 2 and 750 by 40; epoch 1: by 3 and by 60.
  expect(table(replay)).toEqual([
    [250n + 125n + (166n + 83n), 125n + 187n + (83n + 125n)],
    [250n + 375n + (166n + 250n), 125n + 562n + (83n + 375n)],
    [166n + 166n, 83n + 250n],
  ])
  expect(replay).toMatchObject({ first: 0, last: 1 })
  expect(replay.roots[1]).toMatchObject({
    before: { pots: [500n, 500n, 0n, 0n], work: [3n, 60n, 0n, 0n] },
    after: { pots: [250n, 750n, 0n, 0n], work: [3n, 60n, 0n, 0n] },
  })
})

test('behavior: what is in force already makes no difference, down to the roots', async () => {
  const { recomputer, standing, rules } = await networkOf(counts)
  const replay = await replayRoots(recomputer, standing, { ruleset: rules })
  for (const { before, after } of replay.devices) expect(after).toBe(before)
  const again = recomputer.replay(
    standing.map(({ root }) => root),
    (view) => proposedView(view, { fromEpoch: 0, ruleset: rules }),
  )
  const ids: Hex[] = []
  for await (const { rootId } of again) ids.push(rootId)
  expect(ids).toEqual(standing.map(({ rootId }) => rootId))
})

test('behavior: a parameter that rejects what was accepted', async () => {
  const { recomputer, standing } = await networkOf(counts)
  const replay = await replayRoots(recomputer, standing, { ruleset: rulesOf([5_000, 5_000], 20) })
  expect(table(replay)).toEqual([
    [624n, 0n],
    [1041n, 500n + 500n + (250n + 300n)],
    [332n, 250n + 200n],
  ])
})

test('behavior: it begins on what stood before its first root', async () => {
  const { recomputer, standing } = await networkOf([[0, 0, 0], ...counts])
  const all = await replayRoots(recomputer, standing, { ruleset: rulesOf([5_000, 5_000], 20) })
  const last = await replayRoots(recomputer, standing.slice(1), { ruleset: rulesOf([5_000, 5_000], 20) })
  // The first epoch's thousand, for which nobody worked, rolls over into the second in both.
  expect(last.devices).toEqual(all.devices)
  expect(last.roots[0]!.before.pots).toEqual([1_000n, 1_000n, 0n, 0n])
  const tail = await replayRoots(recomputer, standing.slice(2), {})
  expect(table(tail)).toEqual([
    [249n, 249n],
    [416n, 416n],
    [332n, 332n],
  ])
})

test('behavior: a quarantined report is worth nothing to its device', async () => {
  const { recomputer, standing, reports } = await networkOf(counts)
  const { headerBytes } = parseReport(reports[1]![1]!)
  const quarantined = [toHex(reportHash(headerBytes, means.sha256))]
  const replay = await replayRoots(recomputer, standing, { quarantined })
  expect(table(replay)).toEqual([
    [624n, 375n + 250n + 166n],
    [1041n, 625n],
    [332n, 250n + 333n],
  ])
})

test('error: roots that are not what their evidence says are compared with nothing', async () => {
  const { recomputer, standing } = await networkOf(counts)
  const wrong = standing.map((entry, i) =>
    i === 1 ? { ...entry, rootId: `0x${'ee'.repeat(32)}` as Hex } : entry,
  )
  await expect(replayRoots(recomputer, wrong, {})).rejects.toMatchObject({ code: 'root_differs' })
  await expect(replayRoots(recomputer, [], {})).rejects.toMatchObject({ code: 'nothing_to_replay' })
  const unknown: Omit<ProposedRules, 'fromEpoch'> = {
    ruleset: (() => {
      const document = serializeRuleset({
        sector: 'meter',
        version: 2,
        programs: [{ name: 'usage', weightBps: 10_000 }],
        params: {},
        carryEpochs: 8,
      })
      return { hash: rulesetHash(document), document }
    })(),
  }
  await expect(replayRoots(recomputer, standing, unknown)).rejects.toThrow(
    /version 2, which this program does not have/,
  )
})
