import { readFile, stat } from 'node:fs/promises'
import { BaseError, fromHex, type NetworkId, toHex } from '@cairn/protocol'
import { recoverMessageAddress } from 'viem'
import { z } from 'zod'
import type { ReputationTools } from './storage-tools.ts'

/** A file of records is not what it has to be. Codes: `unreadable_records`, `malformed_records`, `wrong_signer`. */
class RecordsError extends BaseError {
  override readonly name = 'RecordsError'
}

const FILE_BYTES_MAX = 33_554_432
const signed = /^0x[0-9a-f]{270}$/
const file = z.strictObject({ records: z.array(z.string().regex(signed)).max(100_000) })

/** Records that gateways signed about a device: 70 bytes and a signature (EIP-191) of 65 by the payer each, in hex. @throws RecordsError */
export async function readRecords(
  path: string,
  scope: { readonly network: NetworkId; readonly device: number },
  { parseRecord, recordHash }: ReputationTools,
): Promise<readonly ReturnType<typeof parseRecord>[]> {
  const { size } = await stat(path).catch(() => ({ size: Number.POSITIVE_INFINITY }))
  if (size > FILE_BYTES_MAX) {
    throw wrong('unreadable_records', path, `is not there, or has more than ${FILE_BYTES_MAX} bytes`)
  }
  const parsed = file.safeParse(toJson(await readFile(path, 'utf8')))
  if (!parsed.success)
    throw wrong('malformed_records', path, 'is not {"records": ["0x…", …]} of 135 bytes each')
  return Promise.all(
    parsed.data.records.map(async (text, place) => {
      const bytes = fromHex(text)
      const record = parseRecord(bytes.subarray(0, 70))
      const signer = await recoverMessageAddress({
        message: { raw: recordHash(scope, record) },
        signature: toHex(bytes.subarray(70)),
      }).catch(() => undefined)
      const isSigned = record.kind !== 'period' && signer?.toLowerCase() === record.payer
      if (!isSigned)
        throw wrong('wrong_signer', path, `has record ${place}, which ${record.payer} did not sign`)
      return record
    }),
  )
}

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
