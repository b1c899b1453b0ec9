import { REASON } from '@cairn/protocol'
import { type Job, ROW_BYTES, type Rows } from './job.ts'
import { allocate } from './snapshot.ts'

/** Observations in a lot, on average: so few that what verifying them leaves behind never adds up, however many there are in all. */
const LOT_ROWS = 4096

/** However few observations there are, threads have lots to share. */
const MIN_LOTS = 16

/** Bits of `place` for an observation's length; the rest is its offset, which with 131 072 bytes a report fits as well. */
const LENGTH_BITS = 11

/**
 * The observations that are left to the sector, dealt out into lots by partition key, so that any number of threads can take lots and none holds more than one in memory. Which lot a
 * partition falls into changes no root.
 */
export interface Deal {
  readonly lots: number
  /** By row: the report it is from. */
  readonly report: Uint32Array
  // By row, filled by `key`:
  readonly lot: Uint32Array
  /** Where the observation lies in its report: offset and length. */
  readonly place: Uint32Array
  // Filled by `deal`:
  /** Rows lot by lot, within a lot in (epoch, slot, index, observation) order; lot i has rows[start[i]] … rows[start[i + 1]]. */
  readonly rows: Uint32Array
  readonly start: Uint32Array
}

export function createDeal(rowCount: number): Deal {
  const lots = Math.max(MIN_LOTS, Math.ceil(rowCount / LOT_ROWS))
  const byRow = () => new Uint32Array(allocate(4 * rowCount))
  return {
    lots,
    report: byRow(),
    lot: byRow(),
    place: byRow(),
    rows: byRow(),
    start: new Uint32Array(allocate(4 * (lots + 1))),
  }
}

/** Puts the rows in lot order. One counting sort; cheap, so not shared out. */
export function dealOut(job: Job, rows: Rows, deal: Deal): void {
  const { lot, start } = deal
  forJudgedRows(job, rows, (row) => {
    start[lot[row]! + 1]! += 1
  })
  for (let i = 0; i < deal.lots; i++) start[i + 1]! += start[i]!
  const next = start.slice()
  forJudgedRows(job, rows, (row) => {
    const at = next[lot[row]!]!
    next[lot[row]!] = at + 1
    deal.rows[at] = row
  })
}

/** Notes where the observation of a row lies, as a view of the job's bytes. */
export function notePlace(job: Job, deal: Deal, row: number, observation: Uint8Array): void {
  const offset = observation.byteOffset - job.bytes.byteOffset - job.offsets[deal.report[row]!]!
  deal.place[row] = (offset << LENGTH_BITS) | observation.length
}

/** The observation of a row. */
export function observationAt(job: Job, deal: Deal, row: number): Uint8Array {
  const place = deal.place[row]!
  const start = job.offsets[deal.report[row]!]! + (place >>> LENGTH_BITS)
  return job.bytes.subarray(start, start + (place & ((1 << LENGTH_BITS) - 1)))
}

/** Reports of from … to that are left to the sector, in (epoch, slot, index) order. */
export function forJudged(job: Job, from: number, to: number, visit: (report: number) => void): void {
  for (const slot of job.slots) {
    if (slot.prior) continue
    const end = Math.min(to, slot.endReport)
    for (let report = Math.max(from, slot.firstReport); report < end; report++)
      if (job.invalid[report] === 0 && job.reason[report] === REASON.accepted) visit(report)
  }
}

function forJudgedRows(job: Job, rows: Rows, visit: (row: number) => void): void {
  const view = new DataView(rows.bytes.buffer)
  forJudged(job, 0, job.row.length, (report) => {
    const end = job.row[report]! + job.observations[report]!
    for (let row = job.row[report]!; row < end; row++)
      if (view.getUint16(ROW_BYTES * row + 10) === REASON.accepted) visit(row)
  })
}
