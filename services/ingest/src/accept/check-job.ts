import {
  type DeviceKey,
  equalBytes,
  parseReport,
  type Sha256,
  signedContent,
  type VerifyP256,
} from '@cairn/protocol'
import { deriveBodyRoot } from './derive-body-root.ts'

/** A report to be checked, and the key it should be signed with. The bytes parse as a report. */
export interface CheckItem {
  readonly key: DeviceKey
  readonly bytes: Uint8Array
}

/** What a check found. */
export const checkVerdict = { valid: 0, badSignature: 1, bodyMismatch: 2 } as const
export type CheckVerdict = (typeof checkVerdict)[keyof typeof checkVerdict]

/** A verdict and a report hash (32 bytes) for each item of a job, in order. */
export interface CheckResults {
  readonly verdicts: Uint8Array
  readonly hashes: Uint8Array
}

const keyBytes = 64

/** Items in one buffer, which a thread can be given without copying: `(x ‖ y ‖ length u32 ‖ report)` for each. */
export function packJob(items: readonly CheckItem[]): ArrayBuffer {
  let size = 0
  for (const { bytes } of items) size += keyBytes + 4 + bytes.length
  const packed = new Uint8Array(size)
  const view = new DataView(packed.buffer)
  let at = 0
  for (const { key, bytes } of items) {
    packed.set(key.x, at)
    packed.set(key.y, at + 32)
    view.setUint32(at + keyBytes, bytes.length)
    packed.set(bytes, at + keyBytes + 4)
    at += keyBytes + 4 + bytes.length
  }
  return packed.buffer
}

/** Checks a packed job: signature first, so that what is not from the device costs nothing more. */
export function runJob(
  packed: ArrayBuffer,
  crypto: { readonly sha256: Sha256; readonly verifyP256: VerifyP256 },
): CheckResults {
  const view = new DataView(packed)
  const verdicts: number[] = []
  const hashes: Uint8Array[] = []
  for (let at = 0; at < packed.byteLength; ) {
    const key = { x: new Uint8Array(packed, at, 32), y: new Uint8Array(packed, at + 32, 32) }
    const length = view.getUint32(at + keyBytes)
    const report = parseReport(new Uint8Array(packed, at + keyBytes + 4, length))
    const content = signedContent(report.headerBytes)
    hashes.push(crypto.sha256(content))
    const isSigned = crypto.verifyP256(key, content, report.signature)
    const isWhole = isSigned && equalBytes(deriveBodyRoot(report.observations), report.header.bodyRoot)
    verdicts.push(
      isWhole ? checkVerdict.valid : isSigned ? checkVerdict.bodyMismatch : checkVerdict.badSignature,
    )
    at += keyBytes + 4 + length
  }
  const joined = new Uint8Array(32 * hashes.length)
  for (let i = 0; i < hashes.length; i++) joined.set(hashes[i]!, 32 * i)
  return { verdicts: Uint8Array.from(verdicts), hashes: joined }
}
