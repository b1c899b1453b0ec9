import { readFile, stat } from 'node:fs/promises'
import type { Redemption } from '@cairn/chain'
import { BaseError, describeValue, parseNetworkId } from '@cairn/protocol'
import { getAddress } from 'viem'
import { z } from 'zod'

/** A voucher as a file: what a payer hands to a seller. */
export type SignedVoucher = Pick<Redemption, 'voucher' | 'signature'>

/** A file is no voucher. Codes: `malformed_voucher`, `unreadable_voucher`. */
export class VoucherError extends BaseError {
  override readonly name = 'VoucherError'
}

const FILE_BYTES_MAX = 4_096

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => getAddress(text))
const whole = (bits: bigint) =>
  z
    .string()
    .regex(/^\d{1,39}$/)
    .transform(BigInt)
    .refine((value) => value < 1n << bits)
const file = z.strictObject({
  network: z
    .string()
    .regex(/^0x[0-9a-f]{56}$/)
    .transform(parseNetworkId),
  payer: address,
  seller: address,
  program: z.int().min(0).max(3),
  cumulative: whole(128n),
  expiresAt: whole(64n),
  signature: z
    .string()
    .regex(/^0x[0-9a-fA-F]{130}$/)
    .transform((text) => text.toLowerCase() as `0x${string}`),
})

/** JSON text; amounts are decimal text, in millionths of a dollar. */
export function serializeVoucher({ voucher, signature }: SignedVoucher): string {
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  return `${JSON.stringify({ ...voucher, signature }, text, 2)}\n`
}

/** @throws VoucherError that names the field */
export function parseVoucher(text: string): SignedVoucher {
  const result = file.safeParse(toJson(text))
  if (result.success) {
    const { signature, ...voucher } = result.data
    return { voucher, signature }
  }
  const [issue] = result.error.issues
  const field = issue!.path.join('.') || 'voucher'
  throw new VoucherError({
    code: 'malformed_voucher',
    message: `This is not a voucher: ${field} is not as it has to be.`,
    fix: 'Ask the payer for the file that `cairn voucher sign --out` wrote.',
    field,
    value: describeValue(text.slice(0, 80)),
  })
}

/** @throws VoucherError for a file that is not there, too large, or no voucher */
export async function readVoucher(path: string): Promise<SignedVoucher> {
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  )
  if (size === undefined || size > FILE_BYTES_MAX) throw unreadable(path)
  return parseVoucher(await readFile(path, 'utf8'))
}

function unreadable(path: string): VoucherError {
  return new VoucherError({
    code: 'unreadable_voucher',
    message: `${path} is not there, can not be read, or is larger than a voucher is.`,
    fix: 'Name the file that `cairn voucher sign --out` wrote.',
    field: 'file',
    value: path,
  })
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
