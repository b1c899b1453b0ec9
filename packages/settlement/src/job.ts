import type { CarryEntry, NetworkId, Ruleset } from '@cairn/protocol'
import type { SettleInput } from './settle-input.ts'
import { allocate, type SnapshotTable, tableOf } from './snapshot.ts'

/** Bytes of a verdict leaf without its tag (spec 5): the form in which verdicts are kept while settling. */
export const ROW_BYTES = 60

/** Why a report has no verdict entries; 0 means that it has. */
export const INVALID = {
  wrongNetwork: 1,
  wrongEpoch: 2,
  unknownDevice: 3,
  revokedDevice: 4,
  badSignature: 5,
} as const

export interface JobEpoch {
  readonly epoch: number
  readonly startMs: number
  readonly endMs: number
  readonly beacon: Uint8Array
  readonly ruleset: Ruleset
  readonly snapshot: SnapshotTable
  readonly firstReport: number
  readonly endReport: number
}

export interface JobSlot {
  readonly slot: number
  readonly root: string
  readonly firstReport: number
  readonly endReport: number
  readonly prior: boolean
}

/**
 * The whole work of one root as flat arrays, so that any number of threads can take a share of each phase without copying. Reports stand in (epoch, slot, index)
 * order and are numbered through.
 */
export interface Job {
  readonly network: NetworkId
  readonly epochs: readonly JobEpoch[]
  readonly slots: readonly JobSlot[]
  readonly carry: readonly CarryEntry[]
  /** Report bytes, one after another; report i is at offsets[i] … offsets[i + 1]. */
  readonly bytes: Uint8Array
  readonly offsets: Float64Array
  // Filled by `check`:
  /** Record hashes: what the evidence tree is over. */
  readonly records: Uint8Array
  readonly invalid: Uint8Array
  readonly bodyBroken: Uint8Array
  readonly quarantined: Uint8Array
  readonly device: Uint32Array
  readonly sequence: Uint32Array
  readonly timeMs: Float64Array
  readonly observations: Uint16Array
  // Filled by `layOut`:
  /** Reason for all observations of a report; 0 leaves them to the sector. */
  readonly reason: Uint8Array
  /** First row of the report's observations. */
  readonly row: Uint32Array
}

/** Rows of verdicts, grouped by device, each device's in (slot, index, observation) order. */
export interface Rows {
  readonly bytes: Uint8Array
  /** Device i has rows start[i] … start[i + 1]. */
  readonly start: Uint32Array
}

export function createJob(input: SettleInput): Job {
  const counts = input.epochs.flatMap(({ slots }) => slots.map(({ reports }) => reports.length))
  const total = counts.reduce((sum, count) => sum + count, 0)
  let size = 0
  for (const { slots } of input.epochs)
    for (const { reports } of slots) for (const report of reports) size += report.length
  const bytes = new Uint8Array(allocate(size))
  const offsets = new Float64Array(allocate(8 * (total + 1)))
  const epochs: JobEpoch[] = []
  const slots: JobSlot[] = []
  let next = 0
  let end = 0
  for (const epoch of input.epochs) {
    const firstReport = next
    for (const slot of epoch.slots) {
      const first = next
      for (const report of slot.reports) {
        offsets[next++] = end
        bytes.set(report, end)
        end += report.length
      }
      slots.push({
        slot: slot.slot,
        root: slot.root,
        firstReport: first,
        endReport: next,
        prior: slot.prior ?? false,
      })
    }
    const { startMs, endMs, beacon, ruleset } = epoch
    epochs.push({
      epoch: epoch.epoch,
      startMs,
      endMs,
      beacon,
      ruleset,
      snapshot: tableOf(epoch.snapshot),
      firstReport,
      endReport: next,
    })
  }
  offsets[total] = end
  return {
    network: input.network,
    epochs,
    slots,
    carry: input.parent.carry,
    bytes,
    offsets,
    records: new Uint8Array(allocate(32 * total)),
    invalid: new Uint8Array(allocate(total)),
    bodyBroken: new Uint8Array(allocate(total)),
    quarantined: new Uint8Array(allocate(total)),
    device: new Uint32Array(allocate(4 * total)),
    sequence: new Uint32Array(allocate(4 * total)),
    timeMs: new Float64Array(allocate(8 * total)),
    observations: new Uint16Array(allocate(2 * total)),
    reason: new Uint8Array(allocate(total)),
    row: new Uint32Array(allocate(4 * total)),
  }
}

/** Bytes of report i. */
export function reportBytes(job: Job, report: number): Uint8Array {
  return job.bytes.subarray(job.offsets[report], job.offsets[report + 1])
}
