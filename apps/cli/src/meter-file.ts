import type { Meter, TwoSidedReceipt } from '@cairn/chain'
import { z } from 'zod'
import {
  type FileKind,
  parseSigned,
  readSigned,
  serializeSigned,
  signedFields,
  whole,
} from './signed-file.ts'

/** A seller's meter as a file: with it and a voucher anybody can redeem for the seller. */
export interface SignedMeter {
  readonly meter: Meter
  readonly signature: TwoSidedReceipt['sellerSignature']
}

const kind: FileKind = { noun: 'meter', command: 'cairn voucher meter --out' }
const file = z.strictObject({ ...signedFields, metered: whole(128n) })

/** JSON text; amounts are decimal text, in millionths of a dollar. */
export function serializeMeter({ meter, signature }: SignedMeter): string {
  return serializeSigned({ ...meter, signature })
}

/** @throws VoucherError that names the field */
export function parseMeter(text: string): SignedMeter {
  const { signature, ...meter } = parseSigned(file, text, kind)
  return { meter, signature }
}

/** @throws VoucherError for a file that is not there, too large, or no meter */
export async function readMeter(path: string): Promise<SignedMeter> {
  return parseMeter(await readSigned(path, kind))
}
