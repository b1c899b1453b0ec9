import type { Version } from '../catalogue/records.ts'
import type { Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { xmlReply } from '../http/reply.ts'
import { element, type Xml } from '../xml/write-xml.ts'
import { invalid, type PageQuery, readPageQuery } from './page-query.ts'

/** GET /bucket, the first version of the listing. */
export const listObjects: Operation = ({ catalogue, bucket, query }) => {
  catalogue.bucket(bucket)
  const request = readPageQuery(query, 'max-keys')
  const marker = queryValue(query, 'marker') ?? ''
  const page = catalogue.list(bucket, { ...request, after: marker === '' ? undefined : marker })
  const { encode } = request
  return xmlReply('ListBucketResult', [
    ...common(bucket, request),
    element('Marker', encode(marker)),
    // Without a delimiter the last key serves, and clients know that.
    element(
      'NextMarker',
      page.next === undefined || request.delimiter === '' ? undefined : encode(page.next),
    ),
    element('IsTruncated', page.next !== undefined),
    ...page.rows.map((version) => contents(version, encode, true)),
    ...commonPrefixes(page.prefixes, encode),
  ])
}

/** GET /bucket?list-type=2 */
export const listObjectsV2: Operation = ({ catalogue, bucket, query }) => {
  catalogue.bucket(bucket)
  const request = readPageQuery(query, 'max-keys')
  const { encode } = request
  const token = queryValue(query, 'continuation-token')
  const startAfter = queryValue(query, 'start-after')
  const after = token === undefined ? startAfter : readToken(token)
  const page = catalogue.list(bucket, { ...request, after: after === '' ? undefined : after })
  const isOwnerAsked = queryValue(query, 'fetch-owner') === 'true'
  return xmlReply('ListBucketResult', [
    ...common(bucket, request),
    element('KeyCount', page.rows.length + page.prefixes.length),
    element('ContinuationToken', token),
    element('NextContinuationToken', page.next === undefined ? undefined : writeToken(page.next)),
    element('StartAfter', startAfter === undefined ? undefined : encode(startAfter)),
    element('IsTruncated', page.next !== undefined),
    ...page.rows.map((version) => contents(version, encode, isOwnerAsked)),
    ...commonPrefixes(page.prefixes, encode),
  ])
}

function common(bucket: string, { prefix, delimiter, limit, encode, encoding }: PageQuery): readonly Xml[] {
  return [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('MaxKeys', limit),
    element('EncodingType', encoding),
  ]
}

/** Every listing rolls up the same way. */
export function commonPrefixes(prefixes: readonly string[], encode: (key: string) => string): readonly Xml[] {
  return prefixes.map((prefix) => element('CommonPrefixes', [element('Prefix', encode(prefix))]))
}

/** Who owns everything here. */
export const owner = element('Owner', [element('ID', 'cairn'), element('DisplayName', 'cairn')])

function contents(version: Version, encode: (key: string) => string, hasOwner: boolean): Xml {
  const { checksum } = version.record
  return element('Contents', [
    element('Key', encode(version.key)),
    element('LastModified', new Date(version.modifiedMs).toISOString()),
    element('ETag', `"${version.etag}"`),
    element('ChecksumAlgorithm', checksum?.algorithm),
    element('ChecksumType', checksum?.type),
    element('Size', version.sizeBytes),
    ...(hasOwner ? [owner] : []),
    element('StorageClass', 'STANDARD'),
  ])
}

const tokenPrefix = 'k'

function writeToken(next: string): string {
  return tokenPrefix + Buffer.from(next).toString('base64url')
}

function readToken(token: string): string {
  const bytes = Buffer.from(token.slice(tokenPrefix.length), 'base64url')
  if (!token.startsWith(tokenPrefix) || bytes.length === 0 || writeToken(bytes.toString()) !== token)
    throw invalid('continuation-token', token, 'The continuation token provided is incorrect')
  return bytes.toString()
}
