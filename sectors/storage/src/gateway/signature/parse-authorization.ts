import type { Incoming } from '../http/incoming.ts'
import { queryValue } from '../http/parse-query.ts'
import { S3Error } from '../s3-error.ts'
import { parseAmzDate } from './amz-date.ts'
import { type Credential, parseCredential } from './credential.ts'

const algorithm = 'AWS4-HMAC-SHA256'

/** What a request says of its own signature, not yet believed. */
export interface Authorization {
  readonly credential: Credential
  /** Lower-case names in the order they were signed. */
  readonly signedHeaders: readonly string[]
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string
  /** When it was signed: as text for the string to sign, and as Unix ms. */
  readonly date: string
  readonly dateMs: number
  /** How long it holds, in seconds, when it stands in the query. */
  readonly expiresSeconds: number | undefined
}

const signatureForm = /^[0-9a-f]{64}$/
const headerNames = /^[a-z0-9!#$%&'*+.^_`|~-]+(;[a-z0-9!#$%&'*+.^_`|~-]+)*$/
const mostAuthorizationChars = 4096
const longestExpirySeconds = 604_800

/**
 * Reads the `Authorization` header or the `X-Amz-*` parameters of a presigned URL.
 *
 * @throws S3Error AccessDenied when there is neither or both, AuthorizationHeaderMalformed or AuthorizationQueryParametersError when it can not be read
 */
export function parseAuthorization(incoming: Incoming): Authorization {
  const header = incoming.headers.authorization
  const isPresigned = queryValue(incoming.query, 'X-Amz-Algorithm') !== undefined
  if (header !== undefined && isPresigned)
    throw new S3Error(
      'InvalidArgument',
      'Only one way of signing is allowed: the Authorization header, or X-Amz-Algorithm in the query.',
    )
  if (header !== undefined) return parseHeader(header, incoming)
  if (isPresigned) return parsePresigned(incoming)
  throw new S3Error(
    'AccessDenied',
    'The request is not signed. Sign it with Signature Version 4 under an access key of this gateway.',
  )
}

function parseHeader(header: string, { headers }: Incoming): Authorization {
  const malformed = (problem: string) => new S3Error('AuthorizationHeaderMalformed', problem)
  if (header.length > mostAuthorizationChars || !header.startsWith(`${algorithm} `))
    throw malformed(
      `The Authorization header has to begin with ${algorithm}; Signature Version 2 is not taken.`,
    )
  const fields = new Map<string, string>()
  for (const part of header.slice(algorithm.length + 1).split(',')) {
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(at, 0)).trim()
    if (at < 0 || fields.has(name))
      throw malformed(
        'The Authorization header has to list Credential, SignedHeaders and Signature, each once.',
      )
    fields.set(name, part.slice(at + 1).trim())
  }
  const credential = parseCredential(fields.get('Credential') ?? '')
  if (credential === undefined)
    throw malformed(
      'Credential in the Authorization header has to be <access key>/<yyyymmdd>/<region>/s3/aws4_request.',
    )
  const date = headers['x-amz-date'] ?? compactHttpDate(headers.date)
  const dateMs = parseAmzDate(date)
  if (dateMs === undefined)
    throw new S3Error(
      'AccessDenied',
      'A signed request needs x-amz-date (like 20130524T000000Z) or a Date header.',
    )
  return {
    credential,
    ...parseSignature(fields.get('SignedHeaders'), fields.get('Signature'), malformed),
    date,
    dateMs,
    expiresSeconds: undefined,
  }
}

function parsePresigned({ query }: Incoming): Authorization {
  const malformed = (problem: string) => new S3Error('AuthorizationQueryParametersError', problem)
  if (queryValue(query, 'X-Amz-Algorithm') !== algorithm)
    throw malformed(`X-Amz-Algorithm has to be ${algorithm}.`)
  const names = query.map(([name]) => name).filter((name) => name.startsWith('X-Amz-'))
  if (new Set(names).size !== names.length)
    throw malformed('A parameter of the signature stands twice in the query.')
  const credential = parseCredential(queryValue(query, 'X-Amz-Credential') ?? '')
  if (credential === undefined)
    throw malformed('X-Amz-Credential has to be <access key>/<yyyymmdd>/<region>/s3/aws4_request.')
  const date = queryValue(query, 'X-Amz-Date') ?? ''
  const dateMs = parseAmzDate(date)
  if (dateMs === undefined) throw malformed('X-Amz-Date has to be like 20130524T000000Z.')
  const expires = queryValue(query, 'X-Amz-Expires') ?? ''
  const expiresSeconds = Number(expires)
  if (!/^\d{1,6}$/.test(expires) || expiresSeconds < 1 || expiresSeconds > longestExpirySeconds)
    throw malformed(`X-Amz-Expires has to be from 1 to ${longestExpirySeconds} seconds.`)
  return {
    credential,
    ...parseSignature(
      queryValue(query, 'X-Amz-SignedHeaders'),
      queryValue(query, 'X-Amz-Signature'),
      malformed,
    ),
    date,
    dateMs,
    expiresSeconds,
  }
}

function parseSignature(
  names: string | undefined,
  signature: string | undefined,
  malformed: (problem: string) => S3Error,
): Pick<Authorization, 'signedHeaders' | 'signature'> {
  const signedHeaders = names !== undefined && headerNames.test(names) ? names.split(';') : []
  if (!signedHeaders.includes('host'))
    throw malformed('SignedHeaders has to list lower-case header names joined by ; and host among them.')
  if (signature === undefined || !signatureForm.test(signature))
    throw malformed('The signature has to be 64 lower-case hexadecimal digits.')
  return { signedHeaders, signature }
}

/** `Fri, 24 May 2013 00:00:00 GMT` as SigV4 writes it. */
function compactHttpDate(text: string | undefined): string {
  const ms = Date.parse(text ?? '')
  return Number.isNaN(ms) ? '' : `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
