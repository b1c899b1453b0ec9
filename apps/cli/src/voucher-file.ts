import type { Redemption } from '@cairn/chain'
import { z } from 'zod'
import {
  type FileKind,
  parseSigned,
  readSigned,
  serializeSigned,
  signedFields,
  whole,
} from './signed-file.ts'

/** A voucher as a file: what a payer hands to a seller. */
export type SignedVoucher = Pick<Redemption, 'voucher' | 'signature'>

const kind: FileKind = { noun: 'voucher', command: 'cairn voucher sign --out' }
const file = z.strictObject({ ...signedFields, cumulative: whole(128n) })

/** JSON text; amounts are decimal text, in millionths of a dollar. */
export function serializeVoucher({ voucher, signature }: SignedVoucher): string {
  return serializeSigned({ ...voucher, signature })
}

/** @throws VoucherError that names the field */
export function parseVoucher(text: string): SignedVoucher {
  const { signature, ...voucher } = parseSigned(file, text, kind)
  return { voucher, signature }
}

/** @throws VoucherError for a file that is not there, too large, or no voucher */
export async function readVoucher(path: string): Promise<SignedVoucher> {
  return parseVoucher(await readSigned(path, kind))
}
