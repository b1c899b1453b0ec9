import {
  BaseError,
  type CarryEntry,
  carryKey,
  type EpochContext,
  type PartitionItem,
  parseReport,
  REASON,
  type Sector,
  toHex,
  type Verdict,
  type Work,
} from '@cairn/protocol'
import { type Deal, forJudged, notePlace, observationAt } from './deal.ts'
import type { Task } from './executor.ts'
import { type Job, type JobEpoch, ROW_BYTES, type Rows, reportBytes } from './job.ts'
import type { Means } from './settle-input.ts'

const MAX_WORK = 1n << 96n
const MAX_U64 = (1n << 64n) - 1n
const MAX_CARRY_BYTES = 1024

/** A verdict in words, kept for the devices somebody asked about. */
export interface VerdictText {
  readonly row: number
  readonly device: number
  readonly epoch: number
  readonly partition: string
  readonly reason: number
  readonly measured: string | undefined
  readonly threshold: string | undefined
  readonly observation: Readonly<Record<string, string | number>> | undefined
}

export interface JudgeResult {
  /** Carry of every partition of this share that had observations; a value of undefined drops it. */
  readonly carry: readonly {
    readonly key: Uint8Array
    readonly lastEpoch: number
    readonly value: Uint8Array | undefined
  }[]
  readonly texts: readonly VerdictText[]
}

/** A sector broke the seam's promises: its rules, not the evidence, are at fault, and no root can be made. */
export class SectorError extends BaseError {}

interface Partition {
  readonly items: PartitionItem<unknown>[]
  readonly rows: number[]
}

interface Lot {
  readonly job: Job
  readonly rows: Rows
  readonly deal: Deal
  readonly epoch: JobEpoch
  readonly at: number
  readonly end: number
}

/**
 * Phase 3: reads every observation once, deals it to a lot by its partition key, and marks what does not parse. Shared out by reports.
 */
export function keyObservations(
  { job, rows, deal, from, to }: Extract<Task, { phase: 'key' }>,
  means: Means,
): void {
  const view = new DataView(rows.bytes.buffer)
  forJudged(job, from, to, (report) => {
    const { sector, params } = rulesOf(job, epochOf(job, report), means)
    const { observations } = parseReport(reportBytes(job, report))
    for (let observation = 0; observation < observations.length; observation++) {
      const row = job.row[report]! + observation
      const bytes = observations[observation]!
      notePlace(job, deal, row, bytes)
      try {
        deal.lot[row] = hashOf(sector.partition(sector.parse(bytes, params))) % deal.lots
      } catch (error) {
        if (!(error instanceof BaseError))
          throw brokenSector(sector, `parse threw on observation ${observation} of report ${report}`, error)
        view.setUint16(ROW_BYTES * row + 10, REASON.unparsable)
      }
    }
  })
}

/**
 * Phase 4: verifies the partitions of the lots `from` … `to`, each in epoch order, and writes reason and work into their rows. A partition is in one lot for all epochs, so its carry needs
 * no exchange.
 */
export function judgePartitions(
  { job, rows, deal, from, to, explain }: Extract<Task, { phase: 'judge' }>,
  means: Means,
): JudgeResult {
  const before = new Map<string, CarryEntry>(job.carry.map((entry) => [toHex(entry.key), entry]))
  const after = new Map<string, JudgeResult['carry'][number]>()
  const texts: VerdictText[] = []
  const view = new DataView(rows.bytes.buffer)
  for (let lot = from; lot < to; lot++) {
    const end = deal.start[lot + 1]!
    for (let at = deal.start[lot]!; at < end; ) {
      const epoch = epochOf(job, deal.report[deal.rows[at]!]!)
      const { sector, context } = rulesOf(job, epoch, means)
      const { partitions, next } = gather({ job, rows, deal, epoch, at, end }, means)
      at = next
      for (const [key, partition] of partitions) {
        const carryOf = carryKey(sector.id, key)
        const id = toHex(carryOf)
        const known = after.has(id) ? after.get(id) : liveCarry(before.get(id), epoch)
        const { verdicts, work, carry } = judge(sector, context, key, partition, known?.value)
        after.set(id, { key: carryOf, lastEpoch: epoch.epoch, value: carry })
        for (let i = 0; i < verdicts.length; i++) {
          writeRow(view, partition.rows[i]!, verdicts[i]!, work[i]!, sector)
          const item = partition.items[i]!
          if (explain.has(item.device))
            texts.push(inWords(sector, epoch, key, partition.rows[i]!, item, verdicts[i]!))
        }
      }
    }
  }
  return { carry: [...after.values()], texts }
}

/** One partition of one epoch, held to what the seam promises. */
function judge(
  sector: Sector,
  context: EpochContext<unknown>,
  key: string,
  { items }: Partition,
  carryIn: Uint8Array | undefined,
): { verdicts: readonly Verdict[]; work: readonly Work[]; carry: Uint8Array | undefined } {
  const { verdicts, carry } = sector.verify({ key, items, carry: carryIn }, context)
  const work = sector.reward(verdicts, context)
  if (verdicts.length !== items.length || work.length !== verdicts.length) {
    throw brokenSector(
      sector,
      `partition ${key}: ${items.length} items, ${verdicts.length} verdicts, ${work.length} works`,
    )
  }
  if (carry !== undefined && carry.length > MAX_CARRY_BYTES)
    throw brokenSector(sector, `partition ${key}: carry of ${carry.length} bytes`)
  return { verdicts, work, carry }
}

function liveCarry(entry: CarryEntry | undefined, { epoch, ruleset }: JobEpoch): CarryEntry | undefined {
  return entry !== undefined && entry.lastEpoch + ruleset.carryEpochs >= epoch ? entry : undefined
}

/** The partitions of one epoch in a lot, from `at` on in lot order. */
function gather(
  { job, rows, deal, epoch, at, end }: Lot,
  means: Means,
): { partitions: Map<string, Partition>; next: number } {
  const partitions = new Map<string, Partition>()
  const { sector, params } = rulesOf(job, epoch, means)
  const view = new DataView(rows.bytes.buffer)
  let next = at
  for (; next < end; next++) {
    const row = deal.rows[next]!
    const report = deal.report[row]!
    if (report >= epoch.endReport) break
    const observation = sector.parse(observationAt(job, deal, row), params)
    const key = sector.partition(observation)
    let partition = partitions.get(key)
    if (partition === undefined) {
      partition = { items: [], rows: [] }
      partitions.set(key, partition)
    }
    const device = job.device[report]!
    partition.items.push({
      device,
      deviceClass: epoch.snapshot.classes[device]!,
      slot: view.getUint32(ROW_BYTES * row),
      index: view.getUint32(ROW_BYTES * row + 4),
      observationIndex: view.getUint16(ROW_BYTES * row + 8),
      timeMs: job.timeMs[report]!,
      observation,
    })
    partition.rows.push(row)
  }
  return { partitions, next }
}

function epochOf(job: Job, report: number): JobEpoch {
  return job.epochs.find(({ endReport }) => report < endReport)!
}

function writeRow(view: DataView, row: number, { reason }: Verdict, work: Work, sector: Sector): void {
  if (reason !== REASON.accepted && (!Number.isInteger(reason) || reason < 100 || reason > 0xffff)) {
    throw brokenSector(sector, `reason ${reason}; a sector's reasons are 100 to 65535`)
  }
  const start = ROW_BYTES * row
  view.setUint16(start + 10, reason)
  for (let program = 0; program < work.length; program++) {
    const amount = work[program]!
    if (amount < 0n || amount >= MAX_WORK)
      throw brokenSector(sector, `work ${amount} in program ${program}; work is in 0 … 2^96 − 1`)
    if (amount !== 0n && reason !== REASON.accepted)
      throw brokenSector(sector, `work ${amount} for a rejected observation (reason ${reason})`)
    if (amount === 0n) continue
    const at = start + 12 + 12 * program
    if (amount > MAX_U64) view.setUint32(at, Number(amount >> 64n))
    view.setBigUint64(at + 4, amount & MAX_U64)
  }
}

interface Rules {
  readonly sector: Sector
  readonly params: unknown
  readonly context: EpochContext<unknown>
}

const rulesCache = new WeakMap<JobEpoch, Rules>()

/** The sector, parameters and context of an epoch, parsed once. */
function rulesOf(job: Job, epoch: JobEpoch, means: Means): Rules {
  const cached = rulesCache.get(epoch)
  if (cached !== undefined) return cached
  const { ruleset } = epoch
  const sector = means.sectors.get(ruleset.sector)
  if (sector === undefined || sector.version !== ruleset.version) {
    throw new SectorError({
      code: 'unknown_rules',
      message: `Epoch ${epoch.epoch} is under the rules of sector "${ruleset.sector}" version ${ruleset.version}, which this program does not have.`,
      fix: 'Update to a release that has them; until then do not attest.',
    })
  }
  const params = sector.parseParams(ruleset.params)
  const { startMs, endMs, beacon } = epoch
  const programs = ruleset.programs.map(({ name }) => name)
  const rules = {
    sector,
    params,
    context: { network: job.network, epoch: epoch.epoch, startMs, endMs, beacon, params, programs },
  }
  rulesCache.set(epoch, rules)
  return rules
}

function inWords(
  sector: Sector,
  epoch: JobEpoch,
  partition: string,
  row: number,
  item: PartitionItem<unknown>,
  verdict: Verdict,
): VerdictText {
  const { reason, measured, threshold } = verdict
  return {
    row,
    device: item.device,
    epoch: epoch.epoch,
    partition,
    reason,
    measured,
    threshold,
    observation: sector.describe(item.observation),
  }
}

/** FNV-1a over the key: only deals out work, so no root depends on it. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

function brokenSector(sector: Sector, what: string, cause?: unknown): SectorError {
  return new SectorError({
    code: 'broken_sector',
    message: `The rules of sector "${sector.id}" version ${sector.version} broke their promise: ${what}.`,
    fix: 'This is a fault of the sector, not of the evidence: report it, and do not attest this epoch.',
    cause,
  })
}
