import type { Description } from '../catalogue/records.ts'
import { S3Error } from '../s3-error.ts'

/** Headers of an object that a client may choose, and a reader ask for otherwise. */
export const describingHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]
const mostMetadataBytes = 2048
const metadataPrefix = 'x-amz-meta-'
const ownedAcls = ['private', 'bucket-owner-full-control', 'bucket-owner-read']

/**
 * What a client says about an object. Asking for what this gateway would not do is an error, so that nobody believes it was done.
 *
 * @throws S3Error MetadataTooLarge, AccessControlListNotSupported, NotImplemented
 */
export function readDescription(headers: Readonly<Record<string, string>>): Description {
  refuseUnsupported(headers)
  const metadata = Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith(metadataPrefix)),
  )
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + name.length - metadataPrefix.length + value.length,
    0,
  )
  if (size > mostMetadataBytes)
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size.', {
      elements: { Size: String(size), MaxSizeAllowed: String(mostMetadataBytes) },
    })
  const described = Object.fromEntries(
    describingHeaders.flatMap((name) => {
      const value = name === 'content-encoding' ? withoutChunked(headers[name]) : headers[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  return { headers: described, metadata }
}

/** `aws-chunked` says how the body travelled, not what it is. */
function withoutChunked(encoding: string | undefined): string | undefined {
  const left = encoding
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== 'aws-chunked' && item !== '')
    .join(',')
  return left === '' ? undefined : left
}

function refuseUnsupported(headers: Readonly<Record<string, string>>): void {
  const acl = headers['x-amz-acl']
  if (
    (acl !== undefined && !ownedAcls.includes(acl)) ||
    Object.keys(headers).some((name) => name.startsWith('x-amz-grant-'))
  )
    throw new S3Error(
      'AccessControlListNotSupported',
      'The bucket does not allow ACLs: every access key of this gateway reads and writes all of it.',
    )
  const encryption = headers['x-amz-server-side-encryption']
  if (encryption !== undefined && encryption !== 'AES256')
    throw unsupported('x-amz-server-side-encryption', encryption)
  for (const name of Object.keys(headers))
    if (refused.some((prefix) => name.startsWith(prefix))) throw unsupported(name, headers[name] ?? '')
}

const refused = [
  'x-amz-server-side-encryption-customer-',
  'x-amz-tagging',
  'x-amz-object-lock-',
  'x-amz-website-redirect-location',
  'x-amz-write-offset-bytes',
]

function unsupported(name: string, value: string): S3Error {
  return new S3Error(
    'NotImplemented',
    'A header you provided implies functionality that is not implemented.',
    {
      elements: { Header: name, Value: value.slice(0, 128) },
    },
  )
}
