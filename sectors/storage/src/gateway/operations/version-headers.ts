import type { Bucket, Checksum, Version } from '../catalogue/records.ts'
import type { Reply } from '../http/reply.ts'

/** Only buckets that keep versions, or once did, speak of them. */
export function versionIdHeader({ versioning }: Bucket, versionId: string | undefined): Reply['headers'] {
  return { 'x-amz-version-id': versioning === 'Off' ? undefined : versionId }
}

export function checksumHeaders(checksum: Checksum | undefined): Reply['headers'] {
  if (checksum === undefined) return {}
  return {
    [`x-amz-checksum-${checksum.algorithm.toLowerCase()}`]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  }
}

/** What every answer about an object says of it. */
export function versionHeaders(bucket: Bucket, version: Version): Reply['headers'] {
  return {
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modifiedMs).toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    ...version.record.headers,
    ...version.record.metadata,
    ...versionIdHeader(bucket, version.versionId),
  }
}
