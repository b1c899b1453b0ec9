import type { ObservedBody } from '../body/observe-body.ts'
import type { Checksum } from '../catalogue/records.ts'
import { parseChecksumAlgorithm } from '../checksum/algorithm.ts'
import type { Operation } from '../exchange.ts'
import { emptyReply } from '../http/reply.ts'
import { readDescription } from './read-description.ts'
import { storeContent } from './store-content.ts'
import { checksumHeaders, versionIdHeader } from './version-headers.ts'
import { readWriteCondition } from './write-condition.ts'

/** S3's largest object in one request: 5 GiB. */
export const mostPutBytes = 5 * 2 ** 30

/** PUT /bucket/key */
export const putObject: Operation = async (exchange) => {
  const { catalogue, bucket: name, key, headers, body, now } = exchange
  const bucket = catalogue.bucket(name)
  const description = readDescription(headers)
  const condition = readWriteCondition(headers)
  // Before the body too, so that nobody sends gigabytes for nothing.
  const before = catalogue.latest(name, key)
  condition(before?.isMarker === true ? undefined : before)
  const also = parseChecksumAlgorithm(headers['x-amz-sdk-checksum-algorithm'] ?? '')
  const { bytes, observed } = body.stream({ mostBytes: mostPutBytes, also })
  const version = await storeContent(exchange, bytes, (stored) =>
    catalogue.put(
      name,
      key,
      {
        sizeBytes: stored.sizeBytes,
        etag: observed().md5,
        modifiedMs: now(),
        record: { ...description, checksum: fullChecksum(observed()) },
        pieces: [stored],
      },
      condition,
    ),
  )
  return emptyReply(200, {
    etag: `"${version.etag}"`,
    ...checksumHeaders(version.record.checksum),
    ...versionIdHeader(bucket, version.versionId),
  })
}

/** The checksum to keep: of all bytes at once. */
export function fullChecksum({ checksums }: ObservedBody): Checksum | undefined {
  const [first] = checksums
  return first === undefined ? undefined : { algorithm: first[0], type: 'FULL_OBJECT', value: first[1] }
}
