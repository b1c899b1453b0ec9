import type { ObservedBody } from '../body/observe-body.ts'
import type { Part, Upload } from '../catalogue/records.ts'
import { parseChecksumAlgorithm } from '../checksum/algorithm.ts'
import type { StoredContent } from '../content/content-store.ts'
import type { Exchange, Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { parseRange } from '../http/parse-range.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { element } from '../xml/write-xml.ts'
import { readSource, sourceVersionHeader } from './copy-object.ts'
import { findCopySource } from './copy-source.ts'
import { invalid } from './page-query.ts'
import { mostPutBytes } from './put-object.ts'
import { storeContent } from './store-content.ts'
import type { ObservedBytes } from './store-version.ts'

const mostParts = 10_000

interface PartTarget {
  readonly upload: Upload
  readonly number: number
}

/** PUT /bucket/key?partNumber&uploadId */
export const uploadPart: Operation = async (exchange) => {
  const { headers, body } = exchange
  const { upload, number } = readPartTarget(exchange)
  const also =
    upload.record.checksum?.algorithm ?? parseChecksumAlgorithm(headers['x-amz-sdk-checksum-algorithm'] ?? '')
  const observed = body.stream({ mostBytes: mostPutBytes, also })
  const part = await storePart(exchange, observed, { upload, number })
  return emptyReply(200, {
    etag: `"${part.etag}"`,
    ...(part.checksum === undefined
      ? {}
      : { [`x-amz-checksum-${part.checksum.algorithm.toLowerCase()}`]: part.checksum.value }),
  })
}

/** PUT /bucket/key?partNumber&uploadId with x-amz-copy-source, and perhaps a range of it. */
export const uploadPartCopy: Operation = async (exchange) => {
  const { headers } = exchange
  const { upload, number } = readPartTarget(exchange)
  const source = findCopySource(exchange)
  const { sizeBytes } = source.version
  const rangeText = headers['x-amz-copy-source-range']
  const range = rangeText === undefined ? { start: 0, end: sizeBytes } : parseRange(rangeText, sizeBytes)
  if (range === undefined || range === 'unsatisfiable')
    throw invalid(
      'x-amz-copy-source-range',
      rangeText ?? '',
      `it has to be bytes=first-last within ${sizeBytes} bytes`,
    )
  if (range.end - range.start > mostPutBytes) throw new S3Error('EntityTooLarge', 'A part has at most 5 GiB.')
  const observed = readSource(exchange, source, range, upload.record.checksum?.algorithm)
  const part = await storePart(exchange, observed, { upload, number })
  return xmlReply(
    'CopyPartResult',
    [
      element('LastModified', new Date(part.modifiedMs).toISOString()),
      element('ETag', `"${part.etag}"`),
      element(`Checksum${part.checksum?.algorithm ?? ''}`, part.checksum?.value),
    ],
    sourceVersionHeader(exchange, source),
  )
}

function readPartTarget({ catalogue, bucket, key, query }: Exchange): PartTarget {
  catalogue.bucket(bucket)
  const text = queryValue(query, 'partNumber') ?? ''
  const number = Number(text)
  if (!/^\d{1,5}$/.test(text) || number < 1 || number > mostParts)
    throw new S3Error(
      'InvalidArgument',
      `Part number must be an integer between 1 and ${mostParts}, inclusive`,
      {
        elements: { ArgumentName: 'partNumber', ArgumentValue: text.slice(0, 64) },
      },
    )
  return { upload: catalogue.upload(bucket, key, queryValue(query, 'uploadId') ?? ''), number }
}

function storePart(
  exchange: Exchange,
  { bytes, observed }: ObservedBytes,
  { upload, number }: PartTarget,
): Promise<Part> {
  const { catalogue, bucket, key, now } = exchange
  return storeContent(exchange, bytes, (stored) => {
    const made = toPart(number, stored, observed(), upload, now())
    catalogue.putPart(bucket, key, upload.id, made)
    return made
  })
}

/** The checksum that completing will need, else the one that came with the part. */
function toPart(
  number: number,
  content: StoredContent,
  { md5, checksums }: ObservedBody,
  { record }: Upload,
  nowMs: number,
): Part {
  const wanted = record.checksum?.algorithm ?? [...checksums.keys()][0]
  const value = wanted === undefined ? undefined : checksums.get(wanted)
  return {
    number,
    content,
    etag: md5,
    modifiedMs: nowMs,
    checksum: wanted === undefined || value === undefined ? undefined : { algorithm: wanted, value },
  }
}
