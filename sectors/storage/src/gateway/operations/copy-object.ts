import { type ObservedBody, observeBody } from '../body/observe-body.ts'
import { plainChunks } from '../body/plain-chunks.ts'
import { type ChecksumAlgorithm, parseChecksumAlgorithm } from '../checksum/algorithm.ts'
import type { ByteRange } from '../content/content-store.ts'
import type { Exchange, Operation } from '../exchange.ts'
import { xmlReply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { element } from '../xml/write-xml.ts'
import { type CopySource, findCopySource } from './copy-source.ts'
import { mostPutBytes } from './put-object.ts'
import { readDescription } from './read-description.ts'
import { type ObservedBytes, storeVersion } from './store-version.ts'
import { versionIdHeader } from './version-headers.ts'
import { readWriteCondition } from './write-condition.ts'

/** PUT /bucket/key with x-amz-copy-source. The copy has content and key of its own. */
export const copyObject: Operation = async (exchange) => {
  const { catalogue, bucket: name, key, headers } = exchange
  const bucket = catalogue.bucket(name)
  const source = findCopySource(exchange)
  const isReplaced = readDirective(headers['x-amz-metadata-directive'])
  const asked = readDescription(headers)
  if (!isReplaced && source.bucket === name && source.key === key && source.version.isLatest)
    throw new S3Error(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
    )
  if (source.version.sizeBytes > mostPutBytes)
    throw new S3Error('InvalidRequest', 'The source is larger than 5 GiB: copy it in parts.')
  const algorithm =
    parseChecksumAlgorithm(headers['x-amz-checksum-algorithm'] ?? '') ??
    source.version.record.checksum?.algorithm
  const whole = { start: 0, end: source.version.sizeBytes }
  const copied = readSource(exchange, source, whole, algorithm)
  const described = isReplaced ? asked : source.version.record
  const version = await storeVersion(exchange, copied, described, readWriteCondition(headers))
  const { checksum } = version.record
  return xmlReply(
    'CopyObjectResult',
    [
      element('ETag', `"${version.etag}"`),
      element('LastModified', new Date(version.modifiedMs).toISOString()),
      element(`Checksum${checksum?.algorithm ?? ''}`, checksum?.value),
      element('ChecksumType', checksum?.type),
    ],
    { ...versionIdHeader(bucket, version.versionId), ...sourceVersionHeader(exchange, source) },
  )
}

/** The bytes of a source, observed as a body is. */
export function readSource(
  { catalogue, reader }: Exchange,
  { version }: CopySource,
  range: ByteRange,
  algorithm: ChecksumAlgorithm | undefined,
): ObservedBytes {
  let result: ObservedBody | undefined
  const expected = {
    sizeBytes: range.end - range.start,
    mostBytes: mostPutBytes,
    sha256: undefined,
    md5: undefined,
    checksum: undefined,
    trailer: undefined,
    algorithms: new Set(algorithm === undefined ? [] : [algorithm]),
  }
  const chunks = plainChunks(reader.read(catalogue.pieces(version), range))
  return {
    bytes: observeBody(chunks, expected, (observed) => {
      result = observed
    }),
    observed: () => result!,
  }
}

/** Which version was copied. */
export function sourceVersionHeader(
  { catalogue }: Exchange,
  { bucket, version }: CopySource,
): Record<string, string> {
  return catalogue.bucket(bucket).versioning === 'Off'
    ? {}
    : { 'x-amz-copy-source-version-id': version.versionId }
}

function readDirective(text = 'COPY'): boolean {
  if (text === 'COPY' || text === 'REPLACE') return text === 'REPLACE'
  throw new S3Error('InvalidArgument', 'Unknown metadata directive: it has to be COPY or REPLACE.', {
    elements: { ArgumentName: 'x-amz-metadata-directive', ArgumentValue: text.slice(0, 64) },
  })
}
