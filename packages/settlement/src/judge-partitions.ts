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
import { type Job, type JobEpoch, ROW_BYTES, type Rows, reportBytes } from './job.ts'
import type { Means } from './settle-input.ts'

const MAX_WORK = 1n << 96n
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

/**
 * Phase 3: reads every observation once, notes the hash of its partition key, and marks what does not parse. Shared out by reports.
 */
export function keyObservations(job: Job, rows: Rows, from: number, to: number, means: Means): void {
  const view = new DataView(rows.bytes.buffer)
  forJudged(job, from, to, (epoch, slotNumber, report) => {
    const { sector, params } = rulesOf(job, epoch, means)
    const { observations } = parseReport(reportBytes(job, report))
    for (let observation = 0; observation < observations.length; observation++) {
      const row = job.row[report]! + observation
      try {
        rows.partition[row] = hashOf(sector.partition(sector.parse(observations[observation]!, params)))
      } catch (error) {
        if (!(error instanceof BaseError))
          throw brokenSector(sector, `parse threw on observation ${observation} of slot ${slotNumber}`, error)
        view.setUint16(ROW_BYTES * row + 10, REASON.unparsable)
      }
    }
  })
}

/**
 * Phase 4: verifies the partitions whose key falls to this share, epoch by epoch, and writes reason and work into their rows. A partition stays with one share for all epochs, so its carry
 * needs no exchange.
 *
 * @param explain devices whose verdicts are also wanted in words
 */
export function judgePartitions(
  job: Job,
  rows: Rows,
  { share, shares, explain }: { share: number; shares: number; explain: ReadonlySet<number> },
  means: Means,
): JudgeResult {
  const before = new Map<string, CarryEntry>(job.carry.map((entry) => [toHex(entry.key), entry]))
  const after = new Map<string, JudgeResult['carry'][number]>()
  const texts: VerdictText[] = []
  for (const epoch of job.epochs) {
    const { sector, context } = rulesOf(job, epoch, means)
    for (const [key, partition] of gather(job, rows, epoch, { share, shares }, means)) {
      const carryOf = carryKey(sector.id, key)
      const id = toHex(carryOf)
      const known = after.has(id) ? after.get(id) : liveCarry(before.get(id), epoch)
      const { verdicts, carry } = sector.verify({ key, items: partition.items, carry: known?.value }, context)
      const work = sector.reward(verdicts, context)
      if (verdicts.length !== partition.items.length || work.length !== verdicts.length) {
        throw brokenSector(
          sector,
          `partition ${key}: ${partition.items.length} items, ${verdicts.length} verdicts, ${work.length} works`,
        )
      }
      if (carry !== undefined && carry.length > MAX_CARRY_BYTES)
        throw brokenSector(sector, `partition ${key}: carry of ${carry.length} bytes`)
      after.set(id, { key: carryOf, lastEpoch: epoch.epoch, value: carry })
      for (let i = 0; i < verdicts.length; i++) {
        writeRow(rows, partition.rows[i]!, verdicts[i]!, work[i]!, sector)
        const item = partition.items[i]!
        if (explain.has(item.device))
          texts.push(inWords(sector, epoch, key, partition.rows[i]!, item, verdicts[i]!))
      }
    }
  }
  return { carry: [...after.values()], texts }
}

function liveCarry(entry: CarryEntry | undefined, { epoch, ruleset }: JobEpoch): CarryEntry | undefined {
  return entry !== undefined && entry.lastEpoch + ruleset.carryEpochs >= epoch ? entry : undefined
}

function gather(
  job: Job,
  rows: Rows,
  epoch: JobEpoch,
  { share, shares }: { share: number; shares: number },
  means: Means,
): Map<string, Partition> {
  const partitions = new Map<string, Partition>()
  const { sector, params } = rulesOf(job, epoch, means)
  const view = new DataView(rows.bytes.buffer)
  forJudged(job, epoch.firstReport, epoch.endReport, (_, slot, report, index) => {
    const device = job.device[report]!
    const first = job.row[report]!
    const parsed = parseReport(reportBytes(job, report))
    for (let observationIndex = 0; observationIndex < parsed.observations.length; observationIndex++) {
      const row = first + observationIndex
      if (rows.partition[row]! % shares !== share || view.getUint16(ROW_BYTES * row + 10) !== REASON.accepted)
        continue
      const observation = sector.parse(parsed.observations[observationIndex]!, params)
      const key = sector.partition(observation)
      let partition = partitions.get(key)
      if (partition === undefined) {
        partition = { items: [], rows: [] }
        partitions.set(key, partition)
      }
      const { timeMs } = parsed.header
      const deviceClass = epoch.snapshot.classes[device]!
      partition.items.push({ device, deviceClass, slot, index, observationIndex, timeMs, observation })
      partition.rows.push(row)
    }
  })
  return partitions
}

/** Visits, in order, the reports of from … to that are left to the sector. */
function forJudged(
  job: Job,
  from: number,
  to: number,
  visit: (epoch: JobEpoch, slot: number, report: number, index: number) => void,
): void {
  for (const epoch of job.epochs) {
    for (const slot of job.slots) {
      if (slot.prior || slot.firstReport < epoch.firstReport || slot.endReport > epoch.endReport) continue
      const end = Math.min(to, slot.endReport)
      for (let report = Math.max(from, slot.firstReport); report < end; report++) {
        if (job.invalid[report] === 0 && job.reason[report] === REASON.accepted)
          visit(epoch, slot.slot, report, report - slot.firstReport)
      }
    }
  }
}

function writeRow(rows: Rows, row: number, { reason }: Verdict, work: Work, sector: Sector): void {
  if (reason !== REASON.accepted && (!Number.isInteger(reason) || reason < 100 || reason > 0xffff)) {
    throw brokenSector(sector, `reason ${reason}; a sector's reasons are 100 to 65535`)
  }
  const view = new DataView(rows.bytes.buffer, ROW_BYTES * row, ROW_BYTES)
  view.setUint16(10, reason)
  for (let program = 0; program < work.length; program++) {
    const amount = work[program]!
    if (amount < 0n || amount >= MAX_WORK)
      throw brokenSector(sector, `work ${amount} in program ${program}; work is in 0 … 2^96 − 1`)
    if (amount !== 0n && reason !== REASON.accepted)
      throw brokenSector(sector, `work ${amount} for a rejected observation (reason ${reason})`)
    if (amount === 0n) continue
    view.setUint32(12 + 12 * program, Number(amount >> 64n))
    view.setBigUint64(16 + 12 * program, amount & 0xffffffffffffffffn)
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
