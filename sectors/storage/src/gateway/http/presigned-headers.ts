import { checksumAlgorithms, createDigest } from '../checksum/algorithm.ts'
import { S3Error } from '../s3-error.ts'
import type { Incoming } from './incoming.ts'

const ofSignature = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|security-token)$/
const emptyChecksums = new Map<string, string>(
  checksumAlgorithms.map((name) => [
    `x-amz-checksum-${name.toLowerCase()}`,
    createDigest(name).digest().toString('base64'),
  ]),
)

/**
 * The headers of a presigned request, and among them those that its client put into the URL instead (`x-amz-meta-…`, `x-amz-acl`).
 *
 * The checksum of an empty body is left out: AWS's JavaScript client computes it when it signs the URL of a PUT, without knowing the body that will come.
 *
 * @throws S3Error InvalidArgument for a value that no header can have
 */
export function presignedHeaders({ query, headers }: Incoming): Readonly<Record<string, string>> {
  const hoisted = query
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(
      ([name, value]) =>
        name.startsWith('x-amz-') && !ofSignature.test(name) && emptyChecksums.get(name) !== value,
    )
    .map(([name, value]) => [name, headerText(name, value)])
  return { ...Object.fromEntries(hoisted), ...headers }
}

/** A text as a header carries it, one byte in a char. @throws S3Error InvalidArgument when it holds control characters */
export function headerText(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value))
    throw new S3Error(
      'InvalidArgument',
      `${name.slice(0, 128)} holds control characters, which no header can.`,
      {
        elements: { ArgumentName: name.slice(0, 128) },
      },
    )
  return Buffer.from(value).toString('latin1')
}
