import {
  BaseError,
  concatBytes,
  describeValue,
  fromHex,
  type Hex,
  keccak256,
  type NetworkId,
  toHex,
} from '@cairn/protocol'

/** Thrown for what is no record or no parameter. Codes: `malformed_record`, `bad_parameters`. */
export class ReputationError extends BaseError {
  override readonly name = 'ReputationError'
}

/** What each kind of record may say, in the order of their numbers (spec 10, Reputation). */
export const OUTCOMES = {
  /** A proving period that is over: a fact of the chain. */
  period: ['missed', 'proven'],
  /** A customer's gateway asked for bytes it can check. */
  audit: ['wrong', 'right', 'unanswered'],
  /** A customer read. */
  retrieval: ['refused', 'served', 'unanswered', 'slow', 'wrong'],
} as const

/** `period`, `audit`, `retrieval`. */
export type RecordKind = keyof typeof OUTCOMES

const kinds: readonly RecordKind[] = ['period', 'audit', 'retrieval']

/** One thing that happened between an operator's device and one who pays it. */
export type ReputationRecord = {
  readonly [Kind in RecordKind]: {
    readonly kind: Kind
    readonly outcome: (typeof OUTCOMES)[Kind][number]
    /** Who pays for the set, or signed the record: an address in lower case. */
    readonly payer: Hex
    /** Unix seconds: when the period ended, or when the answer came or did not. */
    readonly at: number
    /** 32 bytes. Of a period `u64 set ‖ u32 period` and zeros, else a slab's id. */
    readonly subject: Hex
    /** Of a period its leaves, of an audit the row, of a retrieval the bytes that were asked for. */
    readonly amount: bigint
  }
}[RecordKind]

/** Of a record in bytes. */
export const RECORD_BYTES = 70

/** `u8 kind ‖ u8 outcome ‖ payer 20 ‖ u64 at ‖ subject 32 ‖ u64 amount`. */
export const serializeRecord = (record: ReputationRecord): Uint8Array => {
  const outcomes: readonly string[] = OUTCOMES[record.kind]
  return concatBytes(
    Uint8Array.of(kinds.indexOf(record.kind) + 1, outcomes.indexOf(record.outcome)),
    fromHex(record.payer),
    u64(BigInt(record.at)),
    fromHex(record.subject),
    u64(record.amount),
  )
}

/** @throws ReputationError `malformed_record` */
export const parseRecord = (bytes: Uint8Array): ReputationRecord => {
  if (bytes.length !== RECORD_BYTES) throw malformed('length', bytes.length, `${RECORD_BYTES} bytes`)
  const kind = kinds[bytes[0]! - 1]
  if (kind === undefined) throw malformed('kind', bytes[0]!, `1 to ${kinds.length}`)
  const outcome = OUTCOMES[kind][bytes[1]!]
  if (outcome === undefined) throw malformed('outcome', bytes[1]!, `0 to ${OUTCOMES[kind].length - 1}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = Number(view.getBigUint64(22))
  if (at > MOST_SECONDS) throw malformed('at', at, `Unix seconds up to ${MOST_SECONDS}`)
  return {
    kind,
    outcome,
    payer: toHex(bytes.subarray(2, 22)),
    at,
    subject: toHex(bytes.subarray(30, 62)),
    amount: view.getBigUint64(62),
  } as ReputationRecord
}

/** The device that records are about. */
export interface RecordScope {
  readonly network: NetworkId
  readonly device: number
}

/** What a gateway signs: `H("cairn.storage.reputation.v1" ‖ network 32 ‖ u32 device ‖ record)`. */
export const recordHash = ({ network, device }: RecordScope, record: ReputationRecord): Uint8Array => {
  const place = new Uint8Array(4)
  new DataView(place.buffer).setUint32(0, device)
  return keccak256(concatBytes(tag, fromHex(network), place, serializeRecord(record)))
}

/** What the signature of a record is over: its hash as a message (EIP-191). */
export const recordDigest = (scope: RecordScope, record: ReputationRecord): Uint8Array =>
  keccak256(concatBytes(messageOf32, recordHash(scope, record)))

/** `u64 set ‖ u32 period` and zeros. */
export const periodSubject = (set: bigint, period: number): Hex => {
  const bytes = new Uint8Array(32)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, set)
  view.setUint32(8, period)
  return toHex(bytes)
}

/** So that days and seconds stay whole numbers, whoever wrote them: the year 10 000. */
const MOST_SECONDS = 253_402_300_799
const tag = new TextEncoder().encode('cairn.storage.reputation.v1')
const messageOf32 = new TextEncoder().encode('\x19Ethereum Signed Message:\n32')

const u64 = (value: bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

const malformed = (field: string, value: number, expected: string): ReputationError =>
  new ReputationError({
    code: 'malformed_record',
    message: `A record of reputation has the ${field} ${value}; expected ${expected}.`,
    fix: 'Take records as gateways write them: 70 bytes each.',
    field,
    value: describeValue(value),
  })
