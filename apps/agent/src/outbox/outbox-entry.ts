import { HEADER_BYTES, SIGNATURE_BYTES } from '@cairn/protocol'

/** An observation that the agent answers for until it has a receipt for it, or has set it aside. */
export interface KeptObservation {
  /** Given by the outbox, unique within it. */
  readonly id: number
  /** Device index in the network. */
  readonly device: number
  readonly receivedMs: number
  /** Reports that carried it and came back. */
  readonly attempt: number
  readonly bytes: Uint8Array
}

/** A signed report, by the parts that can not be derived from the observations. */
export interface KeptReport {
  readonly headerBytes: Uint8Array
  readonly signature: Uint8Array
  /** Observations in the report's order. */
  readonly observationIds: readonly number[]
}

/** One thing that happened. The state of an outbox is what its entries add up to. */
export type OutboxEntry =
  | { readonly kind: 'observation'; readonly observation: KeptObservation }
  | { readonly kind: 'report'; readonly report: KeptReport }
  /** The report has a receipt or was set aside: it and its observations are done. */
  | { readonly kind: 'settled'; readonly device: number; readonly sequence: number }
  /** The report can not count any more: its observations wait for another one. */
  | { readonly kind: 'returned'; readonly device: number; readonly sequence: number }
  /** A waiting observation was set aside. */
  | { readonly kind: 'dropped'; readonly id: number }
  /** Sequences of the device below `upTo` may have been used. */
  | { readonly kind: 'reserved'; readonly device: number; readonly upTo: number }

const KIND = { observation: 1, report: 2, settled: 3, returned: 4, dropped: 5, reserved: 6 } as const

/** Entries as bytes, one after the other: kind u8, then fields, integers big-endian. */
export function encodeEntries(entries: readonly OutboxEntry[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + sizeOf(entry), 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const entry of entries) {
    view.setUint8(at, KIND[entry.kind])
    writeFields(bytes, view, at + 1, entry)
    at += sizeOf(entry)
  }
  return bytes
}

function sizeOf(entry: OutboxEntry): number {
  switch (entry.kind) {
    case 'observation':
      return 20 + entry.observation.bytes.length
    case 'report':
      return 3 + HEADER_BYTES + SIGNATURE_BYTES + 4 * entry.report.observationIds.length
    case 'dropped':
      return 5
    default:
      return 9
  }
}

function writeFields(bytes: Uint8Array, view: DataView, at: number, entry: OutboxEntry): void {
  switch (entry.kind) {
    case 'observation': {
      const { id, device, receivedMs, attempt, bytes: content } = entry.observation
      view.setUint32(at, id)
      view.setUint32(at + 4, device)
      view.setBigUint64(at + 8, BigInt(receivedMs))
      view.setUint8(at + 16, attempt)
      view.setUint16(at + 17, content.length)
      bytes.set(content, at + 19)
      return
    }
    case 'report': {
      const { headerBytes, signature, observationIds } = entry.report
      bytes.set(headerBytes, at)
      bytes.set(signature, at + HEADER_BYTES)
      const idsAt = at + HEADER_BYTES + SIGNATURE_BYTES
      view.setUint16(idsAt, observationIds.length)
      observationIds.forEach((id, i) => {
        view.setUint32(idsAt + 2 + 4 * i, id)
      })
      return
    }
    case 'dropped':
      view.setUint32(at, entry.id)
      return
    default:
      view.setUint32(at, entry.device)
      view.setUint32(at + 4, entry.kind === 'reserved' ? entry.upTo : entry.sequence)
  }
}

/** @returns undefined when the bytes are not entries to the last one, which a right checksum rules out but for another version's */
export function parseEntries(input: Uint8Array): OutboxEntry[] | undefined {
  // A Buffer's slice is a view, which would keep the whole file in memory.
  const bytes = new Uint8Array(input.buffer, input.byteOffset, input.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: OutboxEntry[] = []
  let at = 0
  try {
    while (at < bytes.length) {
      const entry = readEntry(bytes, view, at)
      if (entry === undefined || at + sizeOf(entry) > bytes.length) return undefined
      entries.push(entry)
      at += sizeOf(entry)
    }
  } catch (error) {
    // A field that goes over the end.
    if (error instanceof RangeError) return undefined
    throw error
  }
  return entries
}

function readEntry(bytes: Uint8Array, view: DataView, start: number): OutboxEntry | undefined {
  const at = start + 1
  switch (view.getUint8(start)) {
    case KIND.observation:
      return { kind: 'observation', observation: readObservation(bytes, view, at) }
    case KIND.report:
      return { kind: 'report', report: readReport(bytes, view, at) }
    case KIND.settled:
      return { kind: 'settled', device: view.getUint32(at), sequence: view.getUint32(at + 4) }
    case KIND.returned:
      return { kind: 'returned', device: view.getUint32(at), sequence: view.getUint32(at + 4) }
    case KIND.dropped:
      return { kind: 'dropped', id: view.getUint32(at) }
    case KIND.reserved:
      return { kind: 'reserved', device: view.getUint32(at), upTo: view.getUint32(at + 4) }
    default:
      return undefined
  }
}

function readObservation(bytes: Uint8Array, view: DataView, at: number): KeptObservation {
  return {
    id: view.getUint32(at),
    device: view.getUint32(at + 4),
    receivedMs: Number(view.getBigUint64(at + 8)),
    attempt: view.getUint8(at + 16),
    bytes: bytes.slice(at + 19, at + 19 + view.getUint16(at + 17)),
  }
}

function readReport(bytes: Uint8Array, view: DataView, at: number): KeptReport {
  const idsAt = at + HEADER_BYTES + SIGNATURE_BYTES
  return {
    headerBytes: bytes.slice(at, at + HEADER_BYTES),
    signature: bytes.slice(at + HEADER_BYTES, idsAt),
    observationIds: Array.from({ length: view.getUint16(idsAt) }, (_, i) =>
      view.getUint32(idsAt + 2 + 4 * i),
    ),
  }
}
