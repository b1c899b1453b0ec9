import { readFile, stat } from 'node:fs/promises'
import { BaseError, fromHex, type Hex, type NetworkId, toHex } from '@cairn/protocol'
import { recoverMessageAddress } from 'viem'
import { z } from 'zod'
import type { RecordOf, ReputationTools } from './storage-tools.ts'

/** A file of records is not what it has to be. Codes: `unreadable_records`, `malformed_records`, `wrong_signer`. */
class RecordsError extends BaseError {
  override readonly name = 'RecordsError'
}

const FILE_BYTES_MAX = 33_554_432
const signed = /^0x[0-9a-f]{270}$/
const file = z.strictObject({ records: z.array(z.string().regex(signed)).max(100_000) })

/**
 * Records that gateways signed about a device: 70 bytes and a signature (EIP-191) of 65 each, in hex; by the payer, or by who signs for its rails to the device.
 *
 * @throws RecordsError
 */
export async function readRecords(
  path: string,
  scope: { readonly network: NetworkId; readonly device: number },
  signers: ReadonlyMap<Hex, ReadonlySet<Hex>>,
  tools: ReputationTools,
): Promise<readonly RecordOf[]> {
  const { size } = await stat(path).catch(() => ({ size: Number.POSITIVE_INFINITY }))
  if (size > FILE_BYTES_MAX) {
    throw wrong('unreadable_records', path, `is not there, or has more than ${FILE_BYTES_MAX} bytes`)
  }
  const parsed = file.safeParse(toJson(await readFile(path, 'utf8')))
  if (!parsed.success)
    throw wrong('malformed_records', path, 'is not {"records": ["0x…", …]} of 135 bytes each')
  return Promise.all(
    parsed.data.records.map(async (text, place) => {
      const { record, signature } = parseSignedRecord(fromHex(text), tools)
      const raw = tools.recordHash(scope, record)
      const signer = await recoverMessageAddress({ message: { raw }, signature }).catch(() => undefined)
      const by = signer?.toLowerCase() as Hex | undefined
      const maySign = by !== undefined && (by === record.payer || signers.get(record.payer)?.has(by) === true)
      const isSigned = record.kind !== 'period' && maySign
      if (!isSigned)
        throw wrong('wrong_signer', path, `has record ${place}, which ${record.payer} did not sign`)
      return record
    }),
  )
}

/** A record of 70 bytes, and its signature. @throws ReputationError */
export const parseSignedRecord = (
  signed: Uint8Array,
  { parseRecord }: Pick<ReputationTools, 'parseRecord'>,
): { readonly record: RecordOf; readonly signature: Hex } => ({
  record: parseRecord(signed.subarray(0, 70)),
  signature: toHex(signed.subarray(70)),
})

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const wrong = (code: string, path: string, what: string): RecordsError =>
  new RecordsError({
    code,
    message: `${path} ${what}.`,
    fix: 'Take the file as the gateway wrote it, for this device of this network.',
    field: 'records',
    value: path,
  })
