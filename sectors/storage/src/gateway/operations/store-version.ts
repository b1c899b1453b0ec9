import type { ObservedBody } from '../body/observe-body.ts'
import type { WriteCondition } from '../catalogue/catalogue.ts'
import type { Checksum, Description, Version } from '../catalogue/records.ts'
import type { Exchange } from '../exchange.ts'
import { storeContent } from './store-content.ts'

/** Bytes of a client or of another object, and what was seen of them when they ended. */
export interface ObservedBytes {
  readonly bytes: AsyncIterable<Uint8Array>
  observed(): ObservedBody
}

/** Makes bytes the newest version of the key that the request names. */
export function storeVersion(
  exchange: Exchange,
  { bytes, observed }: ObservedBytes,
  { headers, metadata }: Description,
  condition: WriteCondition,
): Promise<Version> {
  const { catalogue, bucket, key, now } = exchange
  return storeContent(exchange, bytes, (stored) =>
    catalogue.put(
      bucket,
      key,
      {
        sizeBytes: stored.sizeBytes,
        etag: observed().md5,
        modifiedMs: now(),
        record: { headers, metadata, checksum: fullChecksum(observed()) },
        pieces: [stored],
      },
      condition,
    ),
  )
}

/** The checksum to keep: of all bytes at once. */
function fullChecksum({ checksums }: ObservedBody): Checksum | undefined {
  const [first] = checksums
  return first === undefined ? undefined : { algorithm: first[0], type: 'FULL_OBJECT', value: first[1] }
}
