import type { Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { element } from '../xml/write-xml.ts'
import { commonPrefixes, owner } from './list-objects.ts'
import { invalid, readLimit, readPageQuery } from './page-query.ts'

/** DELETE /bucket/key?uploadId */
export const abortUpload: Operation = async ({ catalogue, bucket, key, query, settle }) => {
  catalogue.bucket(bucket)
  catalogue.abortUpload(bucket, key, queryValue(query, 'uploadId') ?? '')
  await settle()
  return emptyReply(204)
}

/** GET /bucket/key?uploadId */
export const listParts: Operation = ({ catalogue, bucket, key, query }) => {
  catalogue.bucket(bucket)
  const { id, record } = catalogue.upload(bucket, key, queryValue(query, 'uploadId') ?? '')
  const limit = readLimit(query, 'max-parts')
  const marker = queryValue(query, 'part-number-marker') ?? '0'
  if (!/^\d{1,9}$/.test(marker)) throw invalid('part-number-marker', marker, 'it has to be a whole number')
  const found = catalogue.parts(id, Number(marker), limit + 1)
  const parts = found.slice(0, limit)
  const isTruncated = found.length > limit && limit > 0
  return xmlReply('ListPartsResult', [
    element('Bucket', bucket),
    element('Key', key),
    element('UploadId', id),
    element('Initiator', [element('ID', 'cairn'), element('DisplayName', 'cairn')]),
    owner,
    element('StorageClass', 'STANDARD'),
    element('PartNumberMarker', marker),
    element('NextPartNumberMarker', isTruncated ? parts.at(-1)?.number : undefined),
    element('MaxParts', limit),
    element('IsTruncated', isTruncated),
    element('ChecksumAlgorithm', record.checksum?.algorithm),
    element('ChecksumType', record.checksum?.type),
    ...parts.map((part) =>
      element('Part', [
        element('PartNumber', part.number),
        element('LastModified', new Date(part.modifiedMs).toISOString()),
        element('ETag', `"${part.etag}"`),
        element('Size', part.content.sizeBytes),
        element(`Checksum${part.checksum?.algorithm ?? ''}`, part.checksum?.value),
      ]),
    ),
  ])
}

/** GET /bucket?uploads */
export const listUploads: Operation = ({ catalogue, bucket, query }) => {
  catalogue.bucket(bucket)
  const request = readPageQuery(query, 'max-uploads')
  const { prefix, delimiter, limit, encode, encoding } = request
  const keyMarker = queryValue(query, 'key-marker') ?? ''
  const idMarker = queryValue(query, 'upload-id-marker') ?? ''
  const after = keyMarker === '' ? undefined : keyMarker
  const page = catalogue.listUploads(bucket, { ...request, after }, idMarker === '' ? undefined : idMarker)
  const last = page.rows.at(-1)
  return xmlReply('ListMultipartUploadsResult', [
    element('Bucket', bucket),
    element('KeyMarker', encode(keyMarker)),
    element('UploadIdMarker', idMarker),
    element('NextKeyMarker', page.next === undefined ? undefined : encode(page.next)),
    element('NextUploadIdMarker', page.next !== undefined && last?.key === page.next ? last.id : undefined),
    element('Prefix', encode(prefix)),
    element('Delimiter', delimiter === '' ? undefined : encode(delimiter)),
    element('MaxUploads', limit),
    element('EncodingType', encoding),
    element('IsTruncated', page.next !== undefined),
    ...page.rows.map((upload) =>
      element('Upload', [
        element('Key', encode(upload.key)),
        element('UploadId', upload.id),
        element('Initiator', [element('ID', 'cairn'), element('DisplayName', 'cairn')]),
        owner,
        element('StorageClass', 'STANDARD'),
        element('Initiated', new Date(upload.createdMs).toISOString()),
        element('ChecksumAlgorithm', upload.record.checksum?.algorithm),
        element('ChecksumType', upload.record.checksum?.type),
      ]),
    ),
    ...commonPrefixes(page.prefixes, encode),
  ])
}
