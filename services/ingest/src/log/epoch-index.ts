import { createSequenceTable } from './sequence-table.ts'

/** Reports that became durable together: `first … first + count − 1` of the epoch's log. */
export interface GroupRange {
  readonly first: number
  readonly count: number
}

/** What the ingest keeps in memory of an epoch's log: identities, hashes and group boundaries, about 60 bytes a report. */
export interface EpochIndex {
  /** Reports, durable or on their way. */
  readonly count: number
  /** Bytes of these reports. */
  readonly sizeBytes: number
  /** The index of the report with this identity, or −1. */
  find(device: number, sequence: number): number
  /** Reports of one device. */
  reportsOf(device: number): number
  /** Takes the next index for a report. */
  add(report: {
    readonly device: number
    readonly sequence: number
    readonly hash: Uint8Array
    readonly sizeBytes: number
  }): number
  /** A view of the hashes of a run of reports, 32 bytes each. */
  hashes(first: number, count: number): Uint8Array
  /** Says that the next `count` reports are durable, as one group. */
  closeGroup(count: number): void
  /** Reports that are durable. */
  readonly durable: number
  /** The group of a durable report. */
  groupOf(index: number): GroupRange
}

export function createEpochIndex(): EpochIndex {
  const identities = createSequenceTable()
  const perDevice = new Map<number, number>()
  let hashes = new Uint8Array(32 * 1_024)
  /** First index of each group, ascending. */
  const firsts: number[] = []
  let count = 0
  let sizeBytes = 0
  let durable = 0
  return {
    get count() {
      return count
    },
    get sizeBytes() {
      return sizeBytes
    },
    get durable() {
      return durable
    },
    find: identities.find,
    reportsOf: (device) => perDevice.get(device) ?? 0,
    add(report) {
      if (32 * count === hashes.length) {
        const grown = new Uint8Array(2 * hashes.length)
        grown.set(hashes)
        hashes = grown
      }
      hashes.set(report.hash, 32 * count)
      identities.add(report.device, report.sequence, count)
      perDevice.set(report.device, (perDevice.get(report.device) ?? 0) + 1)
      sizeBytes += report.sizeBytes
      return count++
    },
    hashes: (first, run) => hashes.subarray(32 * first, 32 * (first + run)),
    closeGroup(run) {
      firsts.push(durable)
      durable += run
    },
    groupOf(index) {
      let low = 0
      let high = firsts.length
      while (high - low > 1) {
        const middle = (low + high) >>> 1
        if (firsts[middle]! <= index) low = middle
        else high = middle
      }
      const first = firsts[low]!
      return { first, count: (firsts[low + 1] ?? durable) - first }
    },
  }
}
