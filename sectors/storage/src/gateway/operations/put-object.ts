import { withoutMarker } from '../catalogue/records.ts'
import { parseChecksumAlgorithm } from '../checksum/algorithm.ts'
import type { Operation } from '../exchange.ts'
import { emptyReply } from '../http/reply.ts'
import { readDescription } from './read-description.ts'
import { storeVersion } from './store-version.ts'
import { checksumHeaders, versionIdHeader } from './version-headers.ts'
import { readWriteCondition } from './write-condition.ts'

/** S3's largest object in one request: 5 GiB. */
export const mostPutBytes = 5 * 2 ** 30

/** PUT /bucket/key */
export const putObject: Operation = async (exchange) => {
  const { catalogue, bucket: name, key, headers, body } = exchange
  const bucket = catalogue.bucket(name)
  const description = readDescription(headers)
  const condition = readWriteCondition(headers)
  // Before the body too, so that nobody sends gigabytes for nothing.
  condition(withoutMarker(catalogue.latest(name, key)))
  const also = parseChecksumAlgorithm(headers['x-amz-sdk-checksum-algorithm'] ?? '')
  const observed = body.stream({ mostBytes: mostPutBytes, also })
  const version = await storeVersion(exchange, observed, description, condition)
  return emptyReply(200, {
    etag: `"${version.etag}"`,
    ...checksumHeaders(version.record.checksum),
    ...versionIdHeader(bucket, version.versionId),
  })
}
