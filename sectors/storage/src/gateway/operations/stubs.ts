import type { Exchange, Operation } from '../exchange.ts'
import { queryValue } from '../http/parse-query.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { type S3Code, S3Error } from '../s3-error.ts'
import { element } from '../xml/write-xml.ts'
import { findVersion } from './find-version.ts'
import { owner } from './list-objects.ts'

/** What clients ask about although it is not there. The answer is S3's own for "none". */
const none =
  (code: S3Code, said: string): Operation =>
  (exchange) => {
    requireThere(exchange)
    throw new S3Error(code, said)
  }

export const getPolicy = none('NoSuchBucketPolicy', 'The bucket policy does not exist')
export const getCors = none('NoSuchCORSConfiguration', 'The CORS configuration does not exist')
export const getBucketTagging = none('NoSuchTagSet', 'The TagSet does not exist')
export const getObjectLock = none(
  'ObjectLockConfigurationNotFoundError',
  'Object Lock configuration does not exist for this bucket',
)
export const getEncryption = none(
  'ServerSideEncryptionConfigurationNotFoundError',
  'The server side encryption configuration was not found',
)

/** GET /bucket/key?tagging: an object has no tags. */
export const getObjectTagging: Operation = (exchange) => {
  requireThere(exchange)
  return xmlReply('Tagging', [element('TagSet', [])])
}

/** GET ?acl: the owner has full control, and nobody else any. */
export const getAcl: Operation = (exchange) => {
  requireThere(exchange)
  const grantee = element(
    'Grantee',
    [element('ID', 'cairn'), element('DisplayName', 'cairn')],
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"',
  )
  return xmlReply('AccessControlPolicy', [
    owner,
    element('AccessControlList', [element('Grant', [grantee, element('Permission', 'FULL_CONTROL')])]),
  ])
}

/** PUT ?acl: `private` is what everything is; anything else is refused. */
export const putAcl: Operation = (exchange) => {
  requireThere(exchange)
  if (exchange.headers['x-amz-acl'] === 'private') return emptyReply(200)
  throw new S3Error('AccessControlListNotSupported', 'The bucket does not allow ACLs.')
}

function requireThere({ catalogue, bucket, key, query }: Exchange): void {
  catalogue.bucket(bucket)
  if (key !== '') findVersion(catalogue, { bucket, key, versionId: queryValue(query, 'versionId') })
}
