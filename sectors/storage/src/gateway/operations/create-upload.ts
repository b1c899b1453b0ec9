import type { UploadRecord } from '../catalogue/records.ts'
import { isCombinable, parseChecksumAlgorithm } from '../checksum/algorithm.ts'
import type { Operation } from '../exchange.ts'
import { xmlReply } from '../http/reply.ts'
import { S3Error } from '../s3-error.ts'
import { element } from '../xml/write-xml.ts'
import { readDescription } from './read-description.ts'

/** POST /bucket/key?uploads */
export const createUpload: Operation = async ({ catalogue, bucket, key, headers, now, settle }) => {
  const checksum = readUploadChecksum(headers)
  const upload = catalogue.createUpload(bucket, {
    key,
    createdMs: now(),
    record: { ...readDescription(headers), checksum },
  })
  await settle()
  return xmlReply(
    'InitiateMultipartUploadResult',
    [element('Bucket', bucket), element('Key', key), element('UploadId', upload.id)],
    { 'x-amz-checksum-algorithm': checksum?.algorithm, 'x-amz-checksum-type': checksum?.type },
  )
}

/** Which algorithms can be of which type: Amazon S3, "Checking object integrity", multipart uploads. */
function readUploadChecksum(headers: Readonly<Record<string, string>>): UploadRecord['checksum'] {
  const text = headers['x-amz-checksum-algorithm']
  const type = headers['x-amz-checksum-type']
  if (text === undefined && type === undefined) return undefined
  const algorithm = parseChecksumAlgorithm(text ?? '')
  if (algorithm === undefined)
    throw new S3Error(
      'InvalidRequest',
      'x-amz-checksum-algorithm has to be CRC32, CRC32C, CRC64NVME, SHA1 or SHA256.',
    )
  const isWholeOnly = algorithm === 'CRC64NVME'
  const chosen = type ?? (isWholeOnly ? 'FULL_OBJECT' : 'COMPOSITE')
  const isPossible =
    (chosen === 'FULL_OBJECT' && isCombinable(algorithm)) || (chosen === 'COMPOSITE' && !isWholeOnly)
  if (!isPossible)
    throw new S3Error(
      'InvalidRequest',
      `The ${chosen.slice(0, 32)} checksum type cannot be used with the ${algorithm} checksum algorithm.`,
    )
  return { algorithm, type: chosen as 'FULL_OBJECT' | 'COMPOSITE' }
}
