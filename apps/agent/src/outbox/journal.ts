import { crc32c } from '@cairn/protocol'
import { AgentError } from '../agent-error.ts'
import { encodeEntries, type OutboxEntry, parseEntries } from './outbox-entry.ts'

/** "CROB" */
const magic = 0x43524f42
const headBytes = 8
const crcBytes = 4

/** What was written and made durable together: `magic ‖ payload bytes u32 ‖ entries ‖ crc32c u32`, the checksum over all before it. */
export function encodeFrame(entries: readonly OutboxEntry[]): Uint8Array {
  const payload = encodeEntries(entries)
  const bytes = new Uint8Array(headBytes + payload.length + crcBytes)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic)
  view.setUint32(4, payload.length)
  bytes.set(payload, headBytes)
  const crcAt = headBytes + payload.length
  view.setUint32(crcAt, crc32c(bytes.subarray(0, crcAt)))
  return bytes
}

/**
 * The entries of a journal. What follows `validBytes` is a torn last frame, which nobody was told of.
 *
 * @throws AgentError `corrupt_outbox` for a damaged frame with another behind it: a frame is written only after the one before is durable
 */
export function parseJournal(bytes: Uint8Array): { entries: OutboxEntry[]; validBytes: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: OutboxEntry[] = []
  let at = 0
  while (bytes.length - at >= headBytes + crcBytes && view.getUint32(at) === magic) {
    const crcAt = at + headBytes + view.getUint32(at + 4)
    const end = crcAt + crcBytes
    if (end > bytes.length) break
    if (crc32c(bytes.subarray(at, crcAt)) !== view.getUint32(crcAt)) {
      if (bytes.length - end >= 4 && view.getUint32(end) === magic)
        throw corrupt(at, 'its checksum is wrong, and another one stands behind it')
      break
    }
    const parsed = parseEntries(bytes.subarray(at + headBytes, crcAt))
    if (parsed === undefined)
      throw corrupt(at, 'its checksum is right, but its content is not of this version')
    for (const entry of parsed) entries.push(entry)
    at = end
  }
  return { entries, validBytes: at }
}

const corrupt = (offset: number, what: string): AgentError =>
  new AgentError({
    code: 'corrupt_outbox',
    message: `The outbox's frame at byte ${offset} can not be read: ${what}.`,
    fix: 'Restore the file from a backup, or move it away: observations in it that have no receipt yet are then lost, and sequence numbers begin anew at the clock.',
    meta: { offset },
  })
