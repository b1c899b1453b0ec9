import { REPORT_LIMITS } from '../report/report-limits.ts'
import { readU32, writeU32 } from '../u32.ts'
import { crc32c } from './crc32c.ts'
import { EvidenceError } from './evidence-error.ts'
import { readRun, runBytes, writeRun } from './report-run.ts'

/** A group as the log file keeps it (spec 3): reports that became durable together and were signed together. */
export interface LogGroup {
  readonly epoch: number
  /** Index of the first report in the epoch's log. */
  readonly first: number
  /** Report bytes, at least one. From `parseGroups`: views of what was parsed. */
  readonly reports: readonly Uint8Array[]
}

/** "CRNG" */
const magic = 0x43524e47
const headBytes = 20
const crcBytes = 4

/**
 * The record of a group: `magic ‖ epoch ‖ first ‖ count ‖ payload bytes ‖ (length ‖ report) × count ‖ crc32c`, all u32
 * big-endian; the checksum is over everything before it.
 *
 * @throws EvidenceError (`malformed_group`) without reports, with one too long to be a report, or a number that is no u32.
 */
export const encodeGroup = ({ epoch, first, reports }: LogGroup): Uint8Array => {
  const payloadBytes = runBytes(reports)
  requireGroup(epoch >>> 0 === epoch, `epoch ${epoch} is not a u32`)
  requireGroup(first >>> 0 === first && first + reports.length <= 2 ** 32, `index ${first} on is not all u32`)
  requireGroup(reports.length > 0, 'there is no report in it')
  requireGroup(payloadBytes < 2 ** 32, `${payloadBytes} bytes of payload are 2^32 or more`)
  for (const { length } of reports) {
    requireGroup(length <= REPORT_LIMITS.reportBytes, `a report of ${length} bytes is above the limit`)
  }
  const bytes = new Uint8Array(headBytes + payloadBytes + crcBytes)
  for (const [i, value] of [magic, epoch, first, reports.length, payloadBytes].entries()) {
    writeU32(bytes, 4 * i, value)
  }
  const end = writeRun(bytes, headBytes, reports)
  writeU32(bytes, end, crc32c(bytes.subarray(0, end)))
  return bytes
}

/**
 * Reads the records of a log, or of a piece of one that begins with a record. What follows `validBytes` is no whole
 * record: at the end of a file it was torn, never acknowledged, and is to be cut off.
 *
 * @throws EvidenceError (`corrupt_log`, with `meta.offset`) for a damaged record with another one behind it, since a record is
 *   written only after the one before is durable: that is not a torn write but lost evidence.
 */
export const parseGroups = (
  bytes: Uint8Array,
): { readonly groups: readonly LogGroup[]; readonly validBytes: number } => {
  const groups: LogGroup[] = []
  let offset = 0
  while (bytes.length - offset >= headBytes + crcBytes && readU32(bytes, offset) === magic) {
    const crcAt = offset + headBytes + readU32(bytes, offset + 16)
    const end = crcAt + crcBytes
    if (end > bytes.length) break
    if (crc32c(bytes.subarray(offset, crcAt)) !== readU32(bytes, crcAt)) {
      if (bytes.length - end >= 4 && readU32(bytes, end) === magic)
        throw corrupt(offset, 'its checksum is wrong')
      break
    }
    groups.push(parseRecord(bytes, offset, crcAt))
    offset = end
  }
  return { groups, validBytes: offset }
}

const parseRecord = (bytes: Uint8Array, offset: number, crcAt: number): LogGroup => {
  const count = readU32(bytes, offset + 12)
  const reports = readRun(bytes, offset + headBytes, crcAt, count)
  if (typeof reports === 'number' || reports.length !== count || count === 0) {
    throw corrupt(offset, `its payload is not ${count} reports, though its checksum is right`)
  }
  return { epoch: readU32(bytes, offset + 4), first: readU32(bytes, offset + 8), reports }
}

const requireGroup = (holds: boolean, complaint: string): void => {
  if (holds) return
  throw new EvidenceError({
    code: 'malformed_group',
    message: `The group can not be written to the log: ${complaint}.`,
    fix: 'Correct the caller. Only reports that parse, and at least one of them, make a group.',
  })
}

const corrupt = (offset: number, what: string): EvidenceError =>
  new EvidenceError({
    code: 'corrupt_log',
    message: `The log's record at byte ${offset} is damaged: ${what}.`,
    fix: 'Do not cut it off: reports in it may have been acknowledged. Restore the log from a copy before the ingest seals this epoch.',
    meta: { offset },
  })
