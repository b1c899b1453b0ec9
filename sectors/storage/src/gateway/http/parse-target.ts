import { S3Error } from '../s3-error.ts'

/** What a request is about. */
export interface Target {
  /** undefined: the service itself. */
  readonly bucket: string | undefined
  /** undefined: the bucket. Never empty. */
  readonly key: string | undefined
}

const mostKeyBytes = 1024

/**
 * Finds bucket and key: in the path (`/bucket/key`), or the bucket in the host (`bucket.s3.example.org`) when it is below one of the domains.
 *
 * @param path decoded
 * @param host as in the header, with or without port
 * @throws S3Error KeyTooLongError, InvalidURI for a key with a zero byte
 */
export function parseTarget(path: string, host: string, domains: readonly string[]): Target {
  const name = host.replace(/:\d+$/, '').toLowerCase()
  const domain = domains.find((candidate) => name.endsWith(`.${candidate}`))
  const whole = domain === undefined ? path.slice(1) : `${name.slice(0, -domain.length - 1)}/${path.slice(1)}`
  const at = whole.indexOf('/')
  const bucket = at < 0 ? whole : whole.slice(0, at)
  const key = at < 0 ? '' : whole.slice(at + 1)
  requireKey(key)
  return { bucket: bucket === '' ? undefined : bucket, key: key === '' ? undefined : key }
}

/** @throws S3Error KeyTooLongError, InvalidURI */
export function requireKey(key: string): void {
  const size = Buffer.byteLength(key)
  if (size > mostKeyBytes)
    throw new S3Error('KeyTooLongError', 'Your key is too long.', {
      elements: { Size: String(size), MaxSizeAllowed: String(mostKeyBytes) },
    })
  if (key.includes('\0')) throw new S3Error('InvalidURI', 'A key can not hold a zero byte.')
}

const bucketForm = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const ipv4Form = /^\d+\.\d+\.\d+\.\d+$/

/** Whether a new bucket may be called so (Amazon S3, "Bucket naming rules"). */
export function isBucketName(name: string): boolean {
  return bucketForm.test(name) && !name.includes('..') && !ipv4Form.test(name) && !name.startsWith('xn--')
}
