import { BaseError, describeValue, type Hex, type NetworkId, parseHex, parseNetworkId } from '@cairn/protocol'

/** What a payer and a seller both sign about service, all told: spec 8, "Vouchers". */
export interface SignedSum {
  readonly network: NetworkId
  /** 20 bytes. */
  readonly payer: Hex
  readonly seller: Hex
  /** 0 to 3. */
  readonly program: number
  /** `cumulative` of a voucher, `metered` of a meter: credits. */
  readonly sum: bigint
  /** Unix seconds. */
  readonly expiresAt: bigint
  readonly signature: Hex
}

/** Whose sum it is: the name of its number in JSON. */
export type SumName = 'cumulative' | 'metered'

/** Thrown for JSON that is no voucher or meter. Code: `malformed_sum`. */
export class SignedSumError extends BaseError {
  override readonly name = 'SignedSumError'
}

/** JSON as `cairn voucher sign` and `cairn voucher meter` write it. */
export const serializeSignedSum = (name: SumName, { sum, expiresAt, ...rest }: SignedSum): string =>
  JSON.stringify({ ...rest, [name]: `${sum}`, expiresAt: `${expiresAt}` })

/** @throws SignedSumError `malformed_sum` naming the field */
export const parseSignedSum = (name: SumName, text: string): SignedSum => {
  const fields = toFields(text)
  return {
    network: field('network', () => parseNetworkId(fields.network)),
    payer: field('payer', () => parseHex(fields.payer, 20, 'payer')),
    seller: field('seller', () => parseHex(fields.seller, 20, 'seller')),
    program: field('program', () => requireProgram(fields.program)),
    sum: field(name, () => whole(fields[name], 128n)),
    expiresAt: field('expiresAt', () => whole(fields.expiresAt, 64n)),
    signature: field('signature', () => parseSignature(fields.signature)),
  }
}

const field = <T>(name: string, parse: () => T): T => {
  try {
    return parse()
  } catch (cause) {
    throw malformed(name, cause)
  }
}

const toFields = (text: string): Record<string, unknown> => {
  const value: unknown = field('JSON', () => JSON.parse(text))
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw malformed('JSON', value)
}

const requireProgram = (value: unknown): number => {
  if (value === 0 || value === 1 || value === 2 || value === 3) return value
  throw new TypeError(`${describeValue(value)} is no program.`)
}

const whole = (value: unknown, bits: bigint): bigint => {
  if (typeof value === 'string' && /^\d{1,39}$/.test(value) && BigInt(value) < 1n << bits)
    return BigInt(value)
  throw new TypeError(`${describeValue(value)} is no decimal text below 2^${bits}.`)
}

/** A contract wallet's signature may be longer than a key's. */
const parseSignature = (value: unknown): Hex => {
  if (typeof value === 'string' && /^0x([0-9a-fA-F]{2}){1,1024}$/.test(value))
    return value.toLowerCase() as Hex
  throw new TypeError(`${describeValue(value)} is no signature in hex.`)
}

const malformed = (name: string, cause: unknown): SignedSumError =>
  new SignedSumError({
    code: 'malformed_sum',
    message: `This is no voucher or meter: its ${name} is not as it has to be.`,
    fix: 'Send the JSON that `cairn voucher sign` or `cairn voucher meter` writes.',
    field: name,
    cause,
  })
