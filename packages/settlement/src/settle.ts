import {
  BaseError,
  buildCarryTree,
  buildPayoutTree,
  buildWorkTree,
  type CarryEntry,
  compareBytes,
  evidenceTree,
  type Root,
  rootId,
  toHex,
} from '@cairn/protocol'
import { dealOut } from './deal.ts'
import { cut, type Executor, inlineExecutor, type Task } from './executor.ts'
import { WORK_ROW_BYTES, workOf } from './hash-verdicts.ts'
import { createJob, type Job, type Rows } from './job.ts'
import type { JudgeResult, VerdictText } from './judge-partitions.ts'
import { layOut } from './lay-out.ts'
import { derivePayout, derivePots, type Pots } from './payouts.ts'
import type { Means, SettledState, SettleInput } from './settle-input.ts'
import { allocate } from './snapshot.ts'

/** Evidence handed to `settle` is not what the chain committed to. Whoever fetched it has to check before; code `evidence_differs`. */
export class UncommittedEvidenceError extends BaseError {}

export interface Settled {
  readonly root: Root
  readonly rootId: SettledState['rootId']
  /** What the next root builds on. */
  readonly state: SettledState
  readonly pots: Pots
  readonly payoutTree: ReturnType<typeof buildPayoutTree>
  readonly workTree: ReturnType<typeof buildWorkTree>
  readonly carryTree: ReturnType<typeof buildCarryTree>
  readonly rows: Rows
  readonly workRows: Uint8Array
  readonly job: Job
  /** Verdicts in words for the devices of `explain`. */
  readonly texts: readonly VerdictText[]
}

export interface SettleOptions {
  readonly executor?: Executor
  /** Device indexes whose verdicts are wanted in words, too. */
  readonly explain?: ReadonlySet<number>
}

/**
 * The settlement function of spec 4: from committed inputs to verdicts, work, payouts, carry and the root.
 *
 * Verifiers, watchers, auditors and browsers all run this one. Its result depends on `input` alone: not on the executor, the engine, time, or the order in which anything arrived.
 *
 * @throws UncommittedEvidenceError when reports do not hash to their committed root; SectorError when a sector's rules break their promises
 */
export async function settle(
  input: SettleInput,
  means: Means,
  options: SettleOptions = {},
): Promise<Settled> {
  const executor = options.executor ?? inlineExecutor(means)
  const { deviceCount } = input.lastSnapshot
  const job = createJob(input)
  const reports = job.invalid.length

  await share(executor, reports, (range) => ({ phase: 'check', job, ...range }))
  requireCommitted(job)
  const { rows, deal } = layOut(job, deviceCount)
  await share(executor, reports, (range) => ({ phase: 'key', job, rows, deal, ...range }))
  dealOut(job, rows, deal)
  const explain = options.explain ?? new Set()
  const judged = await share(executor, deal.lots, (range) => ({
    phase: 'judge',
    job,
    rows,
    deal,
    explain,
    ...range,
  }))
  const workRows = new Uint8Array(allocate(WORK_ROW_BYTES * deviceCount))
  await share(executor, deviceCount, (range) => ({ phase: 'hash', rows, workRows, ...range }))
  return conclude(input, job, rows, workRows, judged as readonly JudgeResult[])
}

async function share(
  executor: Executor,
  count: number,
  task: (range: { from: number; to: number }) => Task,
): Promise<readonly (JudgeResult | undefined)[]> {
  return executor.run(cut(count, executor.shares).map(task))
}

function requireCommitted(job: Job): void {
  for (const { slot, root, firstReport, endReport } of job.slots) {
    const actual = toHex(evidenceTree(job.records.subarray(32 * firstReport, 32 * endReport)).root)
    if (actual === root) continue
    throw new UncommittedEvidenceError({
      code: 'evidence_differs',
      message: `The ${endReport - firstReport} reports given for slot ${slot} hash to ${actual}, but the chain holds ${root} for it.`,
      fix: 'Fetch the segments of this commitment again, from another ingest or verifier if need be.',
    })
  }
}

function conclude(
  input: SettleInput,
  job: Job,
  rows: Rows,
  workRows: Uint8Array,
  judged: readonly JudgeResult[],
): Settled {
  const { parent, lastSnapshot } = input
  const { deviceCount } = lastSnapshot
  const workTree = buildWorkTree({
    count: deviceCount,
    write: (to, first, count) =>
      to.set(workRows.subarray(WORK_ROW_BYTES * first, WORK_ROW_BYTES * (first + count))),
  })
  const pots = derivePots(input.budgets, parent.rollover, workTree.sums)
  const cumulative: bigint[] = new Array(deviceCount)
  for (let device = 0; device < deviceCount; device++) {
    cumulative[device] = derivePayout(parent.cumulative[device] ?? 0n, workOf(workRows, device), pots)
  }
  const payoutTree = buildPayoutTree(cumulative)
  const carry = nextCarry(input, judged)
  const carryTree = buildCarryTree(carry)
  const root: Root = {
    parent: parent.rootId,
    first: parent.last + 1,
    last: input.last,
    evidenceEnd: input.evidenceEnd,
    evidenceSet: input.evidenceSet,
    ruleset: input.lastRulesetHash,
    deviceCount,
    payoutHash: toHex(payoutTree.hash),
    payoutSum: payoutTree.sum,
    workHash: toHex(workTree.hash),
    workSums: workTree.sums,
    carryHash: toHex(carryTree.root),
    carryCount: carry.length,
    partitionHash: `0x${'00'.repeat(32)}`,
  }
  const id = rootId(input.network, root)
  const state: SettledState = {
    rootId: id,
    last: input.last,
    evidenceEnd: input.evidenceEnd,
    cumulative,
    carry,
    rollover: pots.rollover,
  }
  const texts = judged.flatMap((result) => result.texts).sort((a, b) => a.row - b.row)
  return { root, rootId: id, state, pots, payoutTree, workTree, carryTree, rows, workRows, job, texts }
}

/** The parent's carry, less what is older than the ruleset lets it live, with the partitions of this range in their new state; in key order. */
function nextCarry({ parent, last, lastRuleset }: SettleInput, judged: readonly JudgeResult[]): CarryEntry[] {
  const entries = new Map<string, CarryEntry>()
  for (const entry of parent.carry) entries.set(toHex(entry.key), entry)
  for (const { carry } of judged) {
    for (const { key, lastEpoch, value } of carry) {
      if (value === undefined) entries.delete(toHex(key))
      else entries.set(toHex(key), { key, lastEpoch, value })
    }
  }
  const live = [...entries.values()].filter(({ lastEpoch }) => lastEpoch + lastRuleset.carryEpochs >= last)
  return live.sort((a, b) => compareBytes(a.key, b.key))
}
