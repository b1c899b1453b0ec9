import type { Version } from '../catalogue/records.ts'
import type { Exchange } from '../exchange.ts'
import { evaluateRead, readConditions } from '../http/conditions.ts'
import { decodeUri } from '../http/uri-text.ts'
import { S3Error } from '../s3-error.ts'
import { findVersion } from './find-version.ts'
import { failed } from './write-condition.ts'

/** The version that a copy reads. */
export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly version: Version
}

/**
 * Reads `x-amz-copy-source: /bucket/key[?versionId=…]` and its conditions.
 *
 * @throws S3Error InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidRequest for a delete marker, PreconditionFailed
 */
export function findCopySource({ catalogue, headers }: Exchange): CopySource {
  const text = headers['x-amz-copy-source'] ?? ''
  const [path = '', versionId] = text.split('?versionId=')
  const decoded = decodeUri(path).replace(/^\//, '')
  const at = decoded.indexOf('/')
  const [bucket, key] = [decoded.slice(0, Math.max(at, 0)), decoded.slice(at + 1)]
  if (bucket === '' || key === '')
    throw new S3Error(
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      {
        elements: { ArgumentName: 'x-amz-copy-source', ArgumentValue: text.slice(0, 256) },
      },
    )
  catalogue.bucket(bucket)
  const version = findVersion(catalogue, { bucket, key, versionId })
  const conditions = readConditions(headers, 'x-amz-copy-source-')
  if (evaluateRead(conditions, version.etag, version.modifiedMs) !== 'go on')
    throw failed('x-amz-copy-source-If-…')
  return { bucket, key, version }
}
