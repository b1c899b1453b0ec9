import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** What every part of an entry, or of a checkpoint, says of it. */
export interface JournalHead {
  /** 8 bytes: which run of which gateway wrote it. */
  readonly run: Uint8Array
  /** Larger than all before; some are left out. */
  readonly sequence: bigint
  /** The entry or checkpoint that it follows; its own number for a checkpoint, which stands for all before. */
  readonly previous: bigint
}

/** A part of an entry: what one slab holds. */
export interface JournalPart extends JournalHead {
  /** From 0. */
  readonly part: number
  readonly parts: number
  readonly bytes: Uint8Array
}

export type JournalKind = 'journal' | 'checkpoint'

/** Bytes of a part at most, before it is sealed: less than a slab of one data row holds. */
export const MAX_PART_BYTES = 2 ** 18
/** Parts of an entry at most: 4 GiB. */
const mostParts = 2 ** 14

const runBytes = 8
const headBytes = runBytes + 24
const nonceBytes = 12
const tagBytes = 16

/** The key of journals (spec 10, Journal). @param rootKey 32 bytes */
export function deriveJournalKey(rootKey: Uint8Array): KeyObject {
  const key = hkdfSync('sha256', rootKey, new Uint8Array(0), 'cairn.storage.journal.v1', 32)
  return createSecretKey(new Uint8Array(key))
}

/**
 * `nonce 12 ‖ AES-256-GCM(run 8 ‖ sequence u64 ‖ previous u64 ‖ part u32 ‖ parts u32 ‖ bytes)`; the kind's name is authenticated with it.
 *
 * @param nonce 12 bytes, never used twice
 */
export function sealPart(
  key: KeyObject,
  kind: JournalKind,
  { run, sequence, previous, part, parts, bytes }: JournalPart,
  nonce: Uint8Array,
): Uint8Array {
  const head = Buffer.alloc(headBytes)
  head.set(run, 0)
  head.writeBigUInt64BE(sequence, 8)
  head.writeBigUInt64BE(previous, 16)
  head.writeUInt32BE(part, 24)
  head.writeUInt32BE(parts, 28)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(kind))
  const body = [cipher.update(head), cipher.update(bytes), cipher.final()]
  return new Uint8Array(Buffer.concat([nonce, ...body, cipher.getAuthTag()]))
}

/** @returns undefined for what was not sealed under this key as this kind */
export function openPart(key: KeyObject, kind: JournalKind, sealed: Uint8Array): JournalPart | undefined {
  if (sealed.length < nonceBytes + headBytes + tagBytes) return undefined
  const nonce = sealed.subarray(0, nonceBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
  decipher.setAAD(Buffer.from(kind))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  let plain: Buffer
  try {
    plain = Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
  } catch {
    return undefined
  }
  const [part, parts] = [plain.readUInt32BE(24), plain.readUInt32BE(28)]
  if (part >= parts || parts > mostParts) return undefined
  return {
    run: new Uint8Array(plain.subarray(0, runBytes)),
    sequence: plain.readBigUInt64BE(8),
    previous: plain.readBigUInt64BE(16),
    part,
    parts,
    bytes: new Uint8Array(plain.subarray(headBytes)),
  }
}
