import type { Version } from '../catalogue/records.ts'
import type { Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { xmlReply } from '../http/reply.ts'
import { element, type Xml } from '../xml/write-xml.ts'
import { commonPrefixes, owner } from './list-objects.ts'
import { invalid, readPageQuery } from './page-query.ts'

/** GET /bucket?versions */
export const listObjectVersions: Operation = ({ catalogue, bucket, query }) => {
  catalogue.bucket(bucket)
  const request = readPageQuery(query, 'max-keys')
  const { prefix, delimiter, limit, encode, encoding } = request
  const keyMarker = queryValue(query, 'key-marker') ?? ''
  const idMarker = queryValue(query, 'version-id-marker') ?? ''
  if (idMarker !== '' && keyMarker === '')
    throw invalid(
      'version-id-marker',
      idMarker,
      'a version-id marker cannot be specified without a key marker',
    )
  const after = keyMarker === '' ? undefined : keyMarker
  const page = catalogue.listVersions(bucket, { ...request, after }, idMarker === '' ? undefined : idMarker)
  const last = page.rows.at(-1)
  return xmlReply('ListVersionsResult', [
    element('Name', bucket),
    element('Prefix', encode(prefix)),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('KeyMarker', encode(keyMarker)),
    element('VersionIdMarker', idMarker),
    element('NextKeyMarker', page.next === undefined ? undefined : encode(page.next)),
    element(
      'NextVersionIdMarker',
      page.next !== undefined && last?.key === page.next ? last.versionId : undefined,
    ),
    element('MaxKeys', limit),
    element('EncodingType', encoding),
    element('IsTruncated', page.next !== undefined),
    ...page.rows.map((version) => versionElement(version, encode)),
    ...commonPrefixes(page.prefixes, encode),
  ])
}

function versionElement(version: Version, encode: (key: string) => string): Xml {
  const common = [
    element('Key', encode(version.key)),
    element('VersionId', version.versionId),
    element('IsLatest', version.isLatest),
    element('LastModified', new Date(version.modifiedMs).toISOString()),
    owner,
  ]
  if (version.isMarker) return element('DeleteMarker', common)
  return element('Version', [
    ...common,
    element('ETag', `"${version.etag}"`),
    element('Size', version.sizeBytes),
    element('StorageClass', 'STANDARD'),
  ])
}
