import { REASON } from '@cairn/protocol'
import { createDeal, type Deal } from './deal.ts'
import { type Job, ROW_BYTES, type Rows } from './job.ts'
import { allocate } from './snapshot.ts'

/**
 * Phase 2: decides which reports count, and gives every observation of every valid report its row.
 *
 * One pass in (epoch, slot, index) order; cheap beside the signatures, so not shared out.
 */
export function layOut(job: Job, deviceCount: number): { rows: Rows; deal: Deal } {
  markReasons(job)
  const start = new Uint32Array(allocate(4 * (deviceCount + 1)))
  forCounted(job, (report) => {
    start[job.device[report]! + 1]! += job.observations[report]!
  })
  for (let device = 0; device < deviceCount; device++) start[device + 1]! += start[device]!
  const total = start[deviceCount]!
  const bytes = new Uint8Array(allocate(ROW_BYTES * total))
  const view = new DataView(bytes.buffer)
  const deal = createDeal(total)
  const next = start.slice()
  for (const slot of inSlotOrder(job)) {
    for (let report = slot.firstReport; report < slot.endReport; report++) {
      if (job.invalid[report] !== 0) continue
      const device = job.device[report]!
      const first = next[device]!
      const count = job.observations[report]!
      job.row[report] = first
      next[device] = first + count
      deal.report.fill(report, first, first + count)
      for (let observation = 0; observation < count; observation++) {
        const at = ROW_BYTES * (first + observation)
        view.setUint32(at, slot.slot)
        view.setUint32(at + 4, report - slot.firstReport)
        view.setUint16(at + 8, observation)
        view.setUint16(at + 10, job.reason[report]!)
      }
    }
  }
  return { rows: { bytes, start }, deal }
}

/** Slots that this root settles, ascending: entries of a device stand in this order. */
function inSlotOrder(job: Job) {
  return job.slots.filter(({ prior }) => !prior).sort((a, b) => a.slot - b.slot)
}

function forCounted(job: Job, visit: (report: number) => void): void {
  for (const slot of job.slots) {
    if (slot.prior) continue
    for (let report = slot.firstReport; report < slot.endReport; report++)
      if (job.invalid[report] === 0) visit(report)
  }
}

/** Copies, quarantined reports and broken bodies: what is decided without the sector. The lowest (slot, index) of an identity is no copy. */
function markReasons(job: Job): void {
  for (const epoch of job.epochs) {
    const seen = new Map<number, Set<number>>()
    for (let report = epoch.firstReport; report < epoch.endReport; report++) {
      if (job.invalid[report] !== 0) continue
      const sequences = seen.get(job.device[report]!) ?? new Set()
      seen.set(job.device[report]!, sequences)
      if (sequences.has(job.sequence[report]!)) job.reason[report] = REASON.copy
      else if (job.quarantined[report] === 1) job.reason[report] = REASON.quarantined
      else if (job.bodyBroken[report] === 1) job.reason[report] = REASON.malformedBody
      sequences.add(job.sequence[report]!)
    }
  }
}
