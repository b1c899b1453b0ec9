import type { VerdictEntry, Work4, WorkLeaf } from '@cairn/protocol'

/** The fields of a work leaf's 88 bytes (its preimage without the tag). */
export function decodeWorkLeaf(bytes: Uint8Array): WorkLeaf {
  const view = viewOf(bytes)
  return {
    index: view.getUint32(0),
    work: work4(view, 4),
    verdictHash: bytes.slice(52, 84),
    verdictCount: view.getUint32(84),
  }
}

/** The fields of a verdict leaf's 60 bytes (its preimage without the tag). */
export function decodeVerdictEntry(bytes: Uint8Array): VerdictEntry {
  const view = viewOf(bytes)
  return {
    slot: view.getUint32(0),
    index: view.getUint32(4),
    observation: view.getUint16(8),
    reason: view.getUint16(10),
    work: work4(view, 12),
  }
}

/** The cumulative amount of a payout leaf's 20 bytes (its preimage without the tag). */
export function decodeCumulative(bytes: Uint8Array): bigint {
  const view = viewOf(bytes)
  return (view.getBigUint64(4) << 64n) | view.getBigUint64(12)
}

function work4(view: DataView, at: number): Work4 {
  const amount = (program: number) =>
    (BigInt(view.getUint32(at + 12 * program)) << 64n) | view.getBigUint64(at + 12 * program + 4)
  return [amount(0), amount(1), amount(2), amount(3)]
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
