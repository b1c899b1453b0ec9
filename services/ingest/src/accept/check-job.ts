import {
  type DeviceKey,
  deriveBodyRoots,
  emptySpans,
  equalBytes,
  forgetReport,
  noteReport,
  recordHash,
  type Sha256,
  signedContent,
  type VerifyP256,
} from '@cairn/protocol'

/** A report to be checked, and the key it should be signed with. The bytes parse as a report, and the signature has low s. */
export interface CheckItem {
  readonly key: DeviceKey
  readonly bytes: Uint8Array
}

/** What a check found. */
export const checkVerdict = { valid: 0, badSignature: 1, bodyMismatch: 2 } as const

/** A verdict and a record hash (32 bytes) for each item of a job, in order. */
export interface CheckResults {
  readonly verdicts: Uint8Array
  readonly hashes: Uint8Array
}

const hashBytes = 32
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

/** Checks a packed job: signatures first, so that what is not from its device costs nothing more. */
export function runJob(
  packed: ArrayBuffer,
  crypto: { readonly sha256: Sha256; readonly verify: VerifyP256 },
): CheckResults {
  const view = new DataView(packed)
  const verdicts: number[] = []
  const hashes: Uint8Array[] = []
  const spans = emptySpans()
  const signed: { at: number; bodyRoot: Uint8Array }[] = []
  for (let offset = 0; offset < packed.byteLength; ) {
    const key = {
      x: new Uint8Array(packed, offset, keyBytes / 2),
      y: new Uint8Array(packed, offset + keyBytes / 2, keyBytes / 2),
    }
    const length = view.getUint32(offset + keyBytes)
    const report = noteReport(new Uint8Array(packed, offset + keyBytes + 4, length), spans)
    const content = signedContent(report.headerBytes)
    hashes.push(recordHash(report.headerBytes, report.signature, crypto.sha256))
    const isSigned = crypto.verify(key, content, report.signature)
    if (isSigned) signed.push({ at: verdicts.length, bodyRoot: report.header.bodyRoot })
    else forgetReport(spans)
    verdicts.push(isSigned ? checkVerdict.valid : checkVerdict.badSignature)
    offset += keyBytes + 4 + length
  }
  const roots = deriveBodyRoots(packed, spans)
  for (let i = 0; i < signed.length; i++) {
    const { at, bodyRoot } = signed[i]!
    const root = roots.subarray(hashBytes * i, hashBytes * (i + 1))
    if (!equalBytes(root, bodyRoot)) verdicts[at] = checkVerdict.bodyMismatch
  }
  const joined = new Uint8Array(hashBytes * hashes.length)
  for (let i = 0; i < hashes.length; i++) joined.set(hashes[i]!, hashBytes * i)
  return { verdicts: Uint8Array.from(verdicts), hashes: joined }
}
