import { readFile, stat } from 'node:fs/promises'
import { BaseError, describeValue, parseNetworkId } from '@cairn/protocol'
import { getAddress } from 'viem'
import { z } from 'zod'

/** A file is not what it has to be. Codes: `malformed_voucher`, `unreadable_voucher`, and the same of a meter. */
export class VoucherError extends BaseError {
  override readonly name = 'VoucherError'
}

/** Which kind of file it is, and the command that writes it. */
export interface FileKind {
  readonly noun: 'voucher' | 'meter'
  readonly command: string
}

const FILE_BYTES_MAX = 4_096

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => getAddress(text))

/** A whole number as decimal text, below 2^bits. */
export const whole = (bits: bigint) =>
  z
    .string()
    .regex(/^\d{1,39}$/)
    .transform(BigInt)
    .refine((value) => value < 1n << bits)

/** What a voucher and a meter have in common. A contract wallet's signature may be longer than a key's. */
export const signedFields = {
  network: z
    .string()
    .regex(/^0x[0-9a-f]{56}$/)
    .transform(parseNetworkId),
  payer: address,
  seller: address,
  program: z.int().min(0).max(3),
  expiresAt: whole(64n),
  signature: z
    .string()
    .regex(/^0x([0-9a-fA-F]{2}){1,1024}$/)
    .transform((text) => text.toLowerCase() as `0x${string}`),
}

/** JSON text; amounts are decimal text, in millionths of a dollar. */
export function serializeSigned(value: object): string {
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)
  return `${JSON.stringify(value, text, 2)}\n`
}

/** @throws VoucherError that names the field */
export function parseSigned<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  { noun, command }: FileKind,
): z.output<Schema> {
  const result = schema.safeParse(toJson(text))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const field = issue!.path.join('.') || noun
  throw new VoucherError({
    code: `malformed_${noun}`,
    message: `This is not a ${noun}: ${field} is not as it has to be.`,
    fix: `Take the file that \`${command}\` wrote.`,
    field,
    value: describeValue(text.slice(0, 80)),
  })
}

/** @throws VoucherError for a file that is not there, or too large */
export async function readSigned(path: string, { noun, command }: FileKind): Promise<string> {
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  )
  if (size !== undefined && size <= FILE_BYTES_MAX) return readFile(path, 'utf8')
  throw new VoucherError({
    code: `unreadable_${noun}`,
    message: `${path} is not there, can not be read, or is larger than a ${noun} is.`,
    fix: `Name the file that \`${command}\` wrote.`,
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
