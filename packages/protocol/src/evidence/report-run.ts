import { REPORT_LIMITS } from '../report/report-limits.ts'
import { readU32, writeU32 } from '../u32.ts'

/** Bytes of `(length u32 ‖ report bytes)` for each report. */
export const runBytes = (reports: readonly Uint8Array[]): number => {
  let total = 0
  for (const report of reports) total += 4 + report.length
  return total
}

/** Writes `(length u32 ‖ report bytes)` for each report and returns the offset after the last. */
export const writeRun = (bytes: Uint8Array, offset: number, reports: readonly Uint8Array[]): number => {
  let at = offset
  for (const report of reports) {
    writeU32(bytes, at, report.length)
    bytes.set(report, at + 4)
    at += 4 + report.length
  }
  return at
}

/**
 * The reports of a run that fills `bytes` from `start` to `end`, as views; or the offset at which it is broken: a length
 * above what a report may have, or more reports than `mostReports`, or a report that is cut off.
 */
export const readRun = (
  bytes: Uint8Array,
  start: number,
  end: number,
  mostReports: number,
): Uint8Array[] | number => {
  const reports: Uint8Array[] = []
  let at = start
  while (at < end) {
    if (end - at < 4 || reports.length === mostReports) return at
    const length = readU32(bytes, at)
    if (length > REPORT_LIMITS.reportBytes || length > end - at - 4) return at
    reports.push(new Uint8Array(bytes.buffer, bytes.byteOffset + at + 4, length))
    at += 4 + length
  }
  return reports
}
