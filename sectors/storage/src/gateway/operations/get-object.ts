import type { Version } from '../catalogue/records.ts'
import type { ByteRange } from '../content/content-store.ts'
import type { Exchange, Operation } from '../exchange.ts'
import { evaluateRead, readConditions } from '../http/conditions.ts'
import { queryValue } from '../http/parse-query.ts'
import { parseRange } from '../http/parse-range.ts'
import { headerText } from '../http/presigned-headers.ts'
import { emptyReply, type Reply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { findVersion } from './find-version.ts'
import { describingHeaders } from './read-description.ts'
import { checksumHeaders, versionHeaders } from './version-headers.ts'
import { failed } from './write-condition.ts'

/** GET and HEAD /bucket/key. HEAD gets what GET would, without reading the content. */
export const getObject: Operation = (exchange) => {
  const { catalogue, reader, bucket: name, key, headers, query, method } = exchange
  const bucket = catalogue.bucket(name)
  const version = findVersion(catalogue, { bucket: name, key, versionId: queryValue(query, 'versionId') })
  const outcome = evaluateRead(readConditions(headers), version.etag, version.modifiedMs)
  if (outcome === 'failed')
    throw failed(headers['if-match'] === undefined ? 'If-Unmodified-Since' : 'If-Match')
  const own = { ...versionHeaders(bucket, version), ...overrides(exchange) }
  if (outcome === 'not modified')
    return emptyReply(304, {
      etag: own.etag,
      'last-modified': own['last-modified'],
      'cache-control': own['cache-control'],
    })
  const { range, partHeaders } = rangeOf(exchange, version)
  const { start, end } = range ?? { start: 0, end: version.sizeBytes }
  const isWhole = range === undefined
  const reply: Reply = {
    status: isWhole ? 200 : 206,
    headers: {
      ...own,
      'content-length': String(end - start),
      ...(isWhole ? {} : { 'content-range': `bytes ${start}-${end - 1}/${version.sizeBytes}` }),
      // The checksum is of the whole; with a range a client would hold the wrong bytes against it.
      ...(isWhole && headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED'
        ? checksumHeaders(version.record.checksum)
        : {}),
      ...partHeaders,
    },
  }
  if (method === 'HEAD') return reply
  return { ...reply, body: reader.read(catalogue.pieces(version), { start, end }) }
}

interface RangeChoice {
  readonly range: ByteRange | undefined
  readonly partHeaders: Reply['headers']
}

function rangeOf({ catalogue, headers, query }: Exchange, version: Version): RangeChoice {
  const partText = queryValue(query, 'partNumber')
  if (partText !== undefined) return partRange(partText, version, catalogue.pieces(version))
  const range = parseRange(headers.range, version.sizeBytes)
  if (range !== 'unsatisfiable') return { range, partHeaders: {} }
  throw unsatisfiable(headers.range ?? '', version.sizeBytes)
}

/** `?partNumber=` gives what was uploaded as that part. */
function partRange(
  text: string,
  version: Version,
  pieces: readonly { readonly sizeBytes: number }[],
): RangeChoice {
  const number = Number(text)
  const count = version.record.parts ?? 1
  if (!/^\d{1,5}$/.test(text) || number < 1)
    throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', {
      elements: { ArgumentName: 'partNumber', ArgumentValue: text.slice(0, 64) },
    })
  if (number > count) throw unsatisfiable(`part ${number}`, version.sizeBytes)
  const start = pieces.slice(0, number - 1).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  const end = start + (pieces[number - 1]?.sizeBytes ?? 0)
  const partHeaders = version.record.parts === undefined ? {} : { 'x-amz-mp-parts-count': String(count) }
  return { range: end > start ? { start, end } : undefined, partHeaders }
}

function unsatisfiable(requested: string, sizeBytes: number): S3Error {
  return new S3Error('InvalidRange', 'The requested range is not satisfiable', {
    elements: { RangeRequested: requested.slice(0, 128), ActualObjectSize: String(sizeBytes) },
    headers: { 'content-range': `bytes */${sizeBytes}` },
  })
}

/** `?response-content-type=` and its like. */
function overrides({ query }: Exchange): Reply['headers'] {
  return Object.fromEntries(
    describingHeaders.flatMap((name) => {
      const value = queryValue(query, `response-${name}`)
      return value === undefined ? [] : [[name, headerText(`response-${name}`, value)]]
    }),
  )
}
