import {
  buildVerdictTree,
  equalBytes,
  parseReport,
  REASON,
  reportHash,
  toHex,
  verifyPayoutProof,
  verifyWorkProof,
} from '@cairn/protocol'
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
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countBytes, countSector } from './count-sector.fixture.ts'
import { type Executor, runTask } from './executor.ts'
import { workOf } from './hash-verdicts.ts'
import { INVALID, ROW_BYTES } from './job.ts'
import { settle, UncommittedEvidenceError } from './settle.ts'

const ruleset = defaultRuleset(countSector)
const means = testMeans(countSector)
const devices = createTestDevices(TEST_NETWORK, 5)
const [first, second, third] = devices as [(typeof devices)[0], (typeof devices)[0], (typeof devices)[0]]
const report = (device: (typeof devices)[0], epoch: number, sequence: number, ...counts: number[]) =>
  device.report(
    { epoch, sequence, timeMs: 1 },
    counts.map((count) => countBytes(device.index, count)),
  )

/** As many shares as asked for, one after another in this thread: what threads do, without threads. */
const sharedExecutor = (shares: number): Executor => ({
  shares,
  run: async (tasks) =>
    [...tasks]
      .reverse()
      .map((task) => runTask(task, means))
      .reverse(),
})

const settleEpoch = (reports: readonly Uint8Array[], budget = 1000n) =>
  settle(
    testInput([testEpoch(0, ruleset, testSnapshot(0, devices), [testSlot(0, 0, reports)])], { budget }),
    means,
  )

const reasonsOf = (settled: Awaited<ReturnType<typeof settle>>, device: number) => {
  const { start, bytes } = settled.rows
  const view = new DataView(bytes.buffer)
  return Array.from({ length: start[device + 1]! - start[device]! }, (_, i) =>
    view.getUint16(ROW_BYTES * (start[device]! + i) + 10),
  )
}

describe('settle', () => {
  it('default: pays in proportion to work and leaves the dust', async () => {
    const settled = await settleEpoch([report(first, 0, 0, 1, 2), report(second, 0, 0, 4)])
    expect(devices.map(({ index }) => workOf(settled.workRows, index)[0])).toEqual([3n, 4n, 0n, 0n, 0n])
    expect(settled.state.cumulative).toEqual([428n, 571n, 0n, 0n, 0n])
    expect(settled.root.payoutSum).toBe(999n)
    expect(settled.root.workSums).toEqual([7n, 0n, 0n, 0n])
    expect(settled.root).toMatchObject({ first: 0, last: 0, evidenceEnd: 1, evidenceSet: 1n, deviceCount: 5 })
  })

  it('behavior: every device has a leaf that proves what it is paid and why', async () => {
    const settled = await settleEpoch([report(first, 0, 0, 1, 2), report(third, 0, 7, 9)])
    for (const { index } of devices) {
      const { payoutTree, workTree, workRows, rows, state } = settled
      const top = { hash: payoutTree.hash, sum: payoutTree.sum }
      expect(
        verifyPayoutProof({
          top,
          count: 5,
          index,
          cumulative: state.cumulative[index]!,
          siblings: payoutTree.proof(index),
        }),
      ).toBe(true)
      const entries = entriesOf(rows, index)
      const verdicts = buildVerdictTree(entries)
      const leaf = {
        index,
        work: workOf(workRows, index),
        verdictHash: verdicts.hash,
        verdictCount: entries.length,
      }
      expect(verifyWorkProof({ top: workTree, count: 5, leaf, siblings: workTree.proof(index) })).toBe(true)
    }
  })

  it('behavior: any number of shares gives the same root', async () => {
    const reports = devices.flatMap((device) => [report(device, 0, 0, 1, 2, 3), report(device, 0, 1, 5)])
    const input = testInput([testEpoch(0, ruleset, testSnapshot(0, devices), [testSlot(0, 0, reports)])])
    const alone = await settle(input, means)
    for (const shares of [2, 3, 7]) {
      expect((await settle(input, means, { executor: sharedExecutor(shares) })).rootId).toBe(alone.rootId)
    }
  })

  it('behavior: the lowest copy of a report counts, in whatever slot the others stand', async () => {
    const original = report(first, 0, 0, 3)
    const other = report(first, 0, 0, 50)
    const slots = [testSlot(0, 0, [original]), testSlot(1, 0, [other, original])]
    const settled = await settle(testInput([testEpoch(0, ruleset, testSnapshot(0, devices), slots)]), means)
    expect(reasonsOf(settled, 0)).toEqual([REASON.accepted, REASON.copy, REASON.copy])
    expect(workOf(settled.workRows, 0)[0]).toBe(3n)
  })

  it('behavior: evidence that an earlier root settled only serves to recognise copies', async () => {
    const original = report(first, 0, 0, 3)
    const prior = { ...testSlot(0, 0, [original]), prior: true }
    const settled = await settle(
      testInput([testEpoch(0, ruleset, testSnapshot(0, devices), [prior, testSlot(1, 0, [original])])]),
      means,
    )
    expect(reasonsOf(settled, 0)).toEqual([REASON.copy])
  })

  it('behavior: what is not valid has no entry and is counted by reason', async () => {
    const foreign = createTestDevices(TEST_NETWORK, 6)
    const reports = [
      report(first, 0, 0, 1),
      report(second, 1, 0, 1),
      report(third, 0, 0, 1),
      report(foreign[5]!, 0, 0, 1),
      report(foreign[4]!, 0, 0, 1),
    ]
    const snapshot = testSnapshot(0, devices, [2])
    const settled = await settle(
      testInput([testEpoch(0, ruleset, snapshot, [testSlot(0, 0, reports)])]),
      means,
    )
    expect([...settled.job.invalid]).toEqual([
      0,
      INVALID.wrongEpoch,
      INVALID.revokedDevice,
      INVALID.unknownDevice,
      INVALID.badSignature,
    ])
    expect(settled.rows.start.at(-1)).toBe(1)
  })

  it('behavior: quarantined, broken and unreadable observations are explained and earn nothing', async () => {
    const quarantined = report(first, 0, 0, 1)
    const broken = report(second, 0, 0, 1)
    broken[broken.length - 1]! ^= 1
    const unreadable = third.report({ epoch: 0, sequence: 0, timeMs: 1 }, [new Uint8Array(3)])
    const slot = testSlot(0, 0, [quarantined, broken, unreadable])
    const hash = toHex(reportHash(parseReport(quarantined).headerBytes, means.sha256))
    const snapshot = { ...testSnapshot(0, devices), quarantined: new Set([hash]) }
    const settled = await settle(testInput([testEpoch(0, ruleset, snapshot, [slot])]), means)
    expect([0, 1, 2].map((device) => reasonsOf(settled, device))).toEqual([
      [REASON.quarantined],
      [REASON.malformedBody],
      [REASON.unparsable],
    ])
    expect(settled.root.payoutSum).toBe(0n)
  })

  it('behavior: a program without work rolls its budget over to the next root', async () => {
    const idle = await settleEpoch([], 500n)
    expect(idle.state.rollover).toEqual([500n, 0n, 0n, 0n])
    const epoch = testEpoch(1, ruleset, testSnapshot(1, devices), [testSlot(0, 1, [report(first, 1, 0, 1)])])
    const next = await settle(testInput([epoch], { parent: idle.state, budget: 100n }), means)
    expect(next.state.cumulative[0]).toBe(600n)
    expect(next.state.rollover[0]).toBe(0n)
  })

  it('behavior: carry reaches the next epoch of a partition, within a range and across roots, until it is too old', async () => {
    const snapshot = testSnapshot(0, devices)
    const epochs = [0, 1].map((epoch) =>
      testEpoch(epoch, ruleset, snapshot, [testSlot(epoch, epoch, [report(first, epoch, 0, 2)])]),
    )
    const range = await settle(testInput(epochs), means)
    expect(range.state.carry.map(({ value }) => [...value])).toEqual([[4]])
    const early = await settle(testInput(epochs.slice(0, 1)), means)
    const late = await settle(testInput([epochs[1]!], { parent: early.state }), means)
    expect(late.root.carryHash).toBe(range.root.carryHash)
    const old = testEpoch(10, ruleset, snapshot, [testSlot(2, 10, [report(first, 10, 0, 2)])])
    const after = await settle(testInput([old], { parent: range.state }), means)
    expect(after.state.carry.map(({ value }) => [...value])).toEqual([[2]])
  })

  it('behavior: a range pays what its epochs would, from one pot', async () => {
    const snapshot = testSnapshot(0, devices)
    const epochs = [0, 3].map((epoch, slot) =>
      testEpoch(epoch, ruleset, snapshot, [testSlot(slot, epoch, [report(devices[slot]!, epoch, 0, 1)])]),
    )
    const settled = await settle(testInput(epochs, { budget: 400n }), means)
    expect(settled.state.cumulative.slice(0, 2)).toEqual([200n, 200n])
    expect(settled.root).toMatchObject({ first: 0, last: 3 })
  })

  it("behavior: payouts never exceed the parent's and the pot, whatever is reported", async () => {
    const counts = fc.array(fc.tuple(fc.nat(4), fc.nat(255)), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(counts, fc.bigInt(0n, 1n << 90n), async (given, budget) => {
        const reports = given.map(([device, count], sequence) => report(devices[device]!, 0, sequence, count))
        const settled = await settleEpoch(reports, budget)
        expect(settled.root.payoutSum + settled.state.rollover[0]).toBeLessThanOrEqual(budget)
        expect(settled.root.payoutSum).toBe(
          settled.state.cumulative.reduce((sum, amount) => sum + amount, 0n),
        )
      }),
      { numRuns: 20 },
    )
  })

  it('behavior: verdicts come in words for the devices that ask', async () => {
    const reports = [report(first, 0, 0, 1), report(second, 0, 0, 0)]
    const input = testInput([testEpoch(0, ruleset, testSnapshot(0, devices), [testSlot(0, 0, reports)])])
    const { texts } = await settle(input, means, { explain: new Set([1]) })
    expect(texts).toMatchObject([
      { device: 1, reason: 100, measured: '0', threshold: '1', partition: 'count-1' },
    ])
  })

  it('error: reports that do not hash to the committed root', async () => {
    const slot = { ...testSlot(0, 0, [report(first, 0, 0, 1)]), reports: [report(first, 0, 0, 2)] }
    const input = testInput([testEpoch(0, ruleset, testSnapshot(0, devices), [slot])])
    await expect(settle(input, means)).rejects.toThrowError(UncommittedEvidenceError)
  })

  it('error: rules that this release does not have', async () => {
    const epoch = testEpoch(0, { ...ruleset, version: 9 }, testSnapshot(0, devices), [
      testSlot(0, 0, [report(first, 0, 0, 1)]),
    ])
    await expect(settle(testInput([epoch]), means)).rejects.toThrowError(
      /version 9, which this program does not have/,
    )
  })

  it('behavior: the same evidence gives the same bytes again', async () => {
    const reports = [report(first, 0, 0, 1, 2), report(second, 0, 0, 4)]
    const [a, b] = [await settleEpoch(reports), await settleEpoch(reports)]
    expect(equalBytes(a.rows.bytes, b.rows.bytes)).toBe(true)
    expect(a.rootId).toBe(b.rootId)
  })
})

function entriesOf(rows: { bytes: Uint8Array; start: Uint32Array }, device: number) {
  const view = new DataView(rows.bytes.buffer)
  return Array.from({ length: rows.start[device + 1]! - rows.start[device]! }, (_, i) => {
    const at = ROW_BYTES * (rows.start[device]! + i)
    const work = (p: number) =>
      (BigInt(view.getUint32(at + 12 + 12 * p)) << 64n) | view.getBigUint64(at + 16 + 12 * p)
    return {
      slot: view.getUint32(at),
      index: view.getUint32(at + 4),
      observation: view.getUint16(at + 8),
      reason: view.getUint16(at + 10),
      work: [work(0), work(1), work(2), work(3)] as const,
    }
  })
}
