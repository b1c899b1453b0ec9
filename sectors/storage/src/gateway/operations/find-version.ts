import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Version } from '../catalogue/records.ts'
import { S3Error } from '../s3-error.ts'

/**
 * The version that a read is about.
 *
 * @throws S3Error NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker asked for by its id
 */
export function findVersion(
  catalogue: Catalogue,
  {
    bucket,
    key,
    versionId,
  }: { readonly bucket: string; readonly key: string; readonly versionId: string | undefined },
): Version {
  if (versionId === undefined) {
    const latest = catalogue.latest(bucket, key)
    if (latest !== undefined && !latest.isMarker) return latest
    throw new S3Error('NoSuchKey', 'The specified key does not exist.', {
      elements: { Key: key },
      headers: latest === undefined ? {} : markerHeaders(latest),
    })
  }
  const version = catalogue.version(bucket, key, versionId)
  if (version === undefined)
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.', {
      elements: { Key: key, VersionId: versionId.slice(0, 128) },
    })
  if (version.isMarker)
    throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
      elements: { Method: 'GET', ResourceType: 'DeleteMarker' },
      headers: { ...markerHeaders(version), allow: 'DELETE' },
    })
  return version
}

function markerHeaders({ versionId }: Version): Record<string, string> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionId }
}
