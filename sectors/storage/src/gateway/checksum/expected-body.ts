import { S3Error } from '../s3-error.ts'
import type { PayloadMode } from '../signature/payload-mode.ts'
import {
  type ChecksumAlgorithm,
  checksumAlgorithms,
  isDigestText,
  parseChecksumAlgorithm,
} from './algorithm.ts'

/** What headers promise of a body, and what is to be computed of it. */
export interface ExpectedBody {
  /** Undefined when the client did not say. */
  readonly sizeBytes: number | undefined
  readonly mostBytes: number
  /** Hex. */
  readonly sha256: string | undefined
  /** Base64. */
  readonly md5: string | undefined
  /** Of a header. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined
  /** The checksum that comes after the body. */
  readonly trailer: ChecksumAlgorithm | undefined
  /** All that are computed. */
  readonly algorithms: ReadonlySet<ChecksumAlgorithm>
}

const trailerForm = /^x-amz-checksum-([a-z0-9]+)$/

/**
 * Reads what a request promises of its body.
 *
 * @param also computed besides what headers name: the algorithm of an upload
 * @throws S3Error InvalidRequest for two checksums or an unknown one, InvalidDigest, MissingContentLength
 */
export function parseExpectedBody(
  headers: Readonly<Record<string, string>>,
  payload: PayloadMode,
  mostBytes: number,
  also?: ChecksumAlgorithm,
): ExpectedBody {
  const checksum = parseChecksumHeader(headers)
  const trailer = parseTrailerName(headers['x-amz-trailer'], payload)
  const algorithms = new Set<ChecksumAlgorithm>()
  for (const algorithm of [checksum?.algorithm, trailer, also])
    if (algorithm !== undefined) algorithms.add(algorithm)
  if (checksum !== undefined && trailer !== undefined)
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header or trailer; there are several.',
    )
  const sizeBytes = parseSize(headers, payload)
  if (sizeBytes !== undefined && sizeBytes > mostBytes)
    throw new S3Error('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size.', {
      elements: { ProposedSize: String(sizeBytes), MaxSizeAllowed: String(mostBytes) },
    })
  return {
    sizeBytes,
    mostBytes,
    sha256: payload.kind === 'plain' ? payload.sha256 : undefined,
    md5: parseMd5(headers['content-md5']),
    checksum,
    trailer,
    algorithms,
  }
}

function parseSize(headers: Readonly<Record<string, string>>, payload: PayloadMode): number | undefined {
  const isFramed = payload.kind === 'chunks'
  const text = headers[isFramed ? 'x-amz-decoded-content-length' : 'content-length']
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text)
  if (text === undefined && !isFramed && headers['transfer-encoding'] === undefined) return 0
  throw new S3Error(
    'MissingContentLength',
    `You must provide the ${isFramed ? 'x-amz-decoded-content-length' : 'Content-Length'} HTTP header.`,
  )
}

function parseMd5(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === 16 && bytes.toString('base64') === text) return text
  throw new S3Error(
    'InvalidDigest',
    'The Content-MD5 you specified is not valid: it has to be 16 bytes in base64.',
  )
}

function parseChecksumHeader(headers: Readonly<Record<string, string>>): ExpectedBody['checksum'] {
  const given = checksumAlgorithms.filter(
    (name) => headers[`x-amz-checksum-${name.toLowerCase()}`] !== undefined,
  )
  const [algorithm, ...others] = given
  if (algorithm === undefined) return undefined
  const value = headers[`x-amz-checksum-${algorithm.toLowerCase()}`] ?? ''
  if (others.length > 0)
    throw new S3Error('InvalidRequest', 'Expecting a single x-amz-checksum- header; there are several.')
  if (!isDigestText(algorithm, value))
    throw new S3Error(
      'InvalidRequest',
      `Value for x-amz-checksum-${algorithm.toLowerCase()} header is invalid.`,
    )
  return { algorithm, value }
}

function parseTrailerName(text: string | undefined, payload: PayloadMode): ChecksumAlgorithm | undefined {
  if (text === undefined) return undefined
  const algorithm = parseChecksumAlgorithm(trailerForm.exec(text.trim().toLowerCase())?.[1] ?? '')
  if (algorithm === undefined || payload.kind !== 'chunks' || !payload.hasTrailer)
    throw new S3Error(
      'InvalidRequest',
      'The value specified in the x-amz-trailer header is not supported: it has to name one x-amz-checksum-, in a streaming payload with trailer.',
    )
  return algorithm
}
