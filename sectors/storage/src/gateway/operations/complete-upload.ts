import { createHash } from 'node:crypto'
import type { Checksum, NewVersion, Part, Upload } from '../catalogue/records.ts'
import { checksumAlgorithms, combineDigests, composeDigests, type PartDigest } from '../checksum/algorithm.ts'
import type { Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { xmlReply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { childrenOf, childText, parseXml, type XmlTree } from '../xml/parse-xml.ts'
import { element } from '../xml/write-xml.ts'
import { versionIdHeader } from './version-headers.ts'
import { readWriteCondition } from './write-condition.ts'

/** Ten thousand parts with their checksums. */
const mostBytes = 8 * 2 ** 20
const mostParts = 10_000
const leastPartBytes = 5 * 2 ** 20

/** POST /bucket/key?uploadId. Nothing is copied: the parts become the object's content as they are. */
export const completeUpload: Operation = async (exchange) => {
  const { catalogue, bucket: name, key, query, headers, body, now, settle } = exchange
  const bucket = catalogue.bucket(name)
  const uploadId = queryValue(query, 'uploadId') ?? ''
  catalogue.upload(name, key, uploadId)
  const listed = parseListedParts(parseXml(await body.read(mostBytes), 'CompleteMultipartUpload'))
  const version = catalogue.completeUpload(
    name,
    key,
    uploadId,
    (upload, parts) => assemble(upload, chooseParts(listed, parts), headers, now()),
    readWriteCondition(headers),
  )
  await settle()
  const { checksum } = version.record
  return xmlReply(
    'CompleteMultipartUploadResult',
    [
      element('Location', `/${name}/${key}`),
      element('Bucket', name),
      element('Key', key),
      element('ETag', `"${version.etag}"`),
      element(`Checksum${checksum?.algorithm ?? ''}`, checksum?.value),
      element('ChecksumType', checksum?.type),
    ],
    versionIdHeader(bucket, version.versionId),
  )
}

interface ListedPart {
  readonly number: number
  readonly etag: string
  /** What the client says the part's checksums are. */
  readonly checksums: ReadonlyMap<string, string>
}

function parseListedParts(tree: XmlTree): readonly ListedPart[] {
  const parts = childrenOf(tree, 'Part').map((part) => {
    const number = Number(childText(part, 'PartNumber')?.trim() ?? Number.NaN)
    const etag = childText(part, 'ETag')?.trim().replaceAll('"', '')
    if (!Number.isInteger(number) || etag === undefined)
      throw new S3Error('MalformedXML', 'A Part has to have a PartNumber and an ETag.')
    const checksums = new Map(
      checksumAlgorithms.flatMap((name) => {
        const value = childText(part, `Checksum${name}`)
        return value === undefined ? [] : [[name, value.trim()] as const]
      }),
    )
    return { number, etag, checksums }
  })
  if (parts.length === 0 || parts.length > mostParts)
    throw new S3Error(
      'MalformedXML',
      `An upload is completed from 1 to ${mostParts} parts; ${parts.length} are listed.`,
    )
  return parts
}

function chooseParts(listed: readonly ListedPart[], uploaded: readonly Part[]): readonly Part[] {
  const byNumber = new Map(uploaded.map((part) => [part.number, part]))
  if (listed.some(({ number }, index) => index > 0 && number <= listed[index - 1]!.number))
    throw new S3Error(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    )
  return listed.map(({ number, etag, checksums }, index) => {
    const part = byNumber.get(number)
    const claimed = part?.checksum === undefined ? undefined : checksums.get(part.checksum.algorithm)
    if (
      part === undefined ||
      part.etag !== etag ||
      (claimed !== undefined && claimed !== part.checksum?.value)
    )
      throw new S3Error(
        'InvalidPart',
        'One or more of the specified parts could not be found. The part may not have been uploaded, or its entity tag or checksum may not match.',
        { elements: { PartNumber: String(number), ETag: etag.slice(0, 128) } },
      )
    if (index < listed.length - 1 && part.content.sizeBytes < leastPartBytes)
      throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
        elements: {
          ProposedSize: String(part.content.sizeBytes),
          MinSizeAllowed: String(leastPartBytes),
          PartNumber: String(number),
          ETag: etag,
        },
      })
    return part
  })
}

function assemble(
  { record }: Upload,
  parts: readonly Part[],
  headers: Readonly<Record<string, string>>,
  nowMs: number,
): NewVersion {
  const sizeBytes = parts.reduce((sum, { content }) => sum + content.sizeBytes, 0)
  const promised = headers['x-amz-mp-object-size']
  if (promised !== undefined && promised !== String(sizeBytes))
    throw new S3Error(
      'InvalidRequest',
      `The parts have ${sizeBytes} bytes, and x-amz-mp-object-size says ${promised.slice(0, 32)}.`,
    )
  const digest = createHash('md5')
  for (const { etag } of parts) digest.update(Buffer.from(etag, 'hex'))
  const { headers: described, metadata } = record
  return {
    sizeBytes,
    etag: `${digest.digest('hex')}-${parts.length}`,
    modifiedMs: nowMs,
    record: {
      headers: described,
      metadata,
      parts: parts.length,
      checksum: wholeChecksum(record, parts, headers),
    },
    pieces: parts.map(({ content }) => content),
  }
}

function wholeChecksum(
  { checksum }: Upload['record'],
  parts: readonly Part[],
  headers: Readonly<Record<string, string>>,
): Checksum | undefined {
  if (checksum === undefined) return undefined
  const { algorithm, type } = checksum
  const digests: readonly PartDigest[] = parts.map((part) => ({
    value: part.checksum?.value ?? '',
    sizeBytes: part.content.sizeBytes,
  }))
  const value = (type === 'FULL_OBJECT' ? combineDigests : composeDigests)(algorithm, digests)
  const promised = headers[`x-amz-checksum-${algorithm.toLowerCase()}`]
  if (promised !== undefined && promised !== value)
    throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
  return { algorithm, type, value }
}
