import type { KeyObject } from 'node:crypto'
import type { Incoming } from '../http/incoming.ts'
import { queryValue } from '../http/parse-query.ts'
import { S3Error } from '../s3-error.ts'
import { hashCanonicalRequest } from './canonical-request.ts'
import { scopeText } from './credential.ts'
import { type Authorization, parseAuthorization } from './parse-authorization.ts'
import { type PayloadMode, parsePayloadMode } from './payload-mode.ts'
import { isSameSignature, signText } from './signing-key.ts'
import type { SigningKeyOf } from './signing-keys.ts'

/** How far a client's clock may be off, ms: S3's fifteen minutes. */
const largestSkewMs = 15 * 60_000

/** A request whose signature is right. */
export interface SignedRequest {
  readonly accessKeyId: string
  readonly isPresigned: boolean
  readonly payload: PayloadMode
  /** What signed chunks are checked with: the first of them signs the request's own signature. */
  readonly chain: ChunkChain
}

/** The beginning of a chain of chunk signatures. */
export interface ChunkChain {
  readonly signingKey: KeyObject
  readonly date: string
  readonly scope: string
  readonly seed: string
}

/**
 * Checks who signed a request, when, and that nothing of it was changed. The body is not looked at.
 *
 * @param nowMs Unix time
 * @throws S3Error with S3's code: AccessDenied, InvalidAccessKeyId, RequestTimeTooSkewed, SignatureDoesNotMatch and others
 */
export function verifyRequest(incoming: Incoming, signingKeyOf: SigningKeyOf, nowMs: number): SignedRequest {
  const authorization = parseAuthorization(incoming)
  const { credential, signedHeaders, signature, date, expiresSeconds } = authorization
  const isPresigned = expiresSeconds !== undefined
  requireScope(authorization)
  requireTime(authorization, nowMs)
  requireSigned(incoming, signedHeaders)
  const payloadText = payloadTextOf(incoming, isPresigned)
  const payload = parsePayloadMode(payloadText)
  const signingKey = signingKeyOf(credential)
  if (signingKey === undefined)
    throw new S3Error('InvalidAccessKeyId', 'The access key you provided does not exist at this gateway.', {
      elements: { AWSAccessKeyId: credential.accessKeyId },
    })
  const scope = scopeText(credential)
  const requestHash = hashCanonicalRequest(incoming, signedHeaders, payloadText)
  const expected = signText(signingKey, ['AWS4-HMAC-SHA256', date, scope, requestHash].join('\n'))
  if (!isSameSignature(signature, expected))
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The request signature does not match. Check the secret access key, the signing method, and that no proxy changes headers or path.',
      { elements: { AWSAccessKeyId: credential.accessKeyId } },
    )
  return {
    accessKeyId: credential.accessKeyId,
    isPresigned,
    payload,
    chain: { signingKey, date, scope, seed: signature },
  }
}

function payloadTextOf({ headers, query }: Incoming, isPresigned: boolean): string {
  const text = headers['x-amz-content-sha256']
  if (text !== undefined) return text
  if (isPresigned) return queryValue(query, 'X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD'
  throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256.')
}

function requireScope({ credential, date, expiresSeconds }: Authorization): void {
  const code =
    expiresSeconds === undefined ? 'AuthorizationHeaderMalformed' : 'AuthorizationQueryParametersError'
  if (credential.service !== 's3')
    throw new S3Error(code, `The credential is for the service ${credential.service}; it has to be for s3.`)
  if (!date.startsWith(credential.day))
    throw new S3Error(
      code,
      `The credential is of ${credential.day}, the request of ${date}: they have to be of one day.`,
    )
}

function requireTime({ dateMs, date, expiresSeconds }: Authorization, nowMs: number): void {
  const serverTime = new Date(nowMs).toISOString()
  if (expiresSeconds === undefined) {
    if (Math.abs(nowMs - dateMs) <= largestSkewMs) return
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the time of this gateway is too large. Set your clock.',
      {
        elements: {
          RequestTime: date,
          ServerTime: serverTime,
          MaxAllowedSkewMilliseconds: String(largestSkewMs),
        },
      },
    )
  }
  if (dateMs - nowMs > largestSkewMs)
    throw new S3Error('AccessDenied', 'Request is not valid yet', { elements: { ServerTime: serverTime } })
  if (nowMs > dateMs + expiresSeconds * 1000)
    throw new S3Error('AccessDenied', 'Request has expired', {
      elements: {
        Expires: new Date(dateMs + expiresSeconds * 1000).toISOString(),
        ServerTime: serverTime,
        'X-Amz-Expires': String(expiresSeconds),
      },
    })
}

/** What means something to S3 has to be under the signature, so that nobody on the way can add it. */
function requireSigned({ headers }: Incoming, signedHeaders: readonly string[]): void {
  const absent = signedHeaders.filter((name) => headers[name] === undefined)
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name) && name !== 'x-amz-content-sha256',
  )
  if (absent.length === 0 && unsigned.length === 0) return
  throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
    elements: { HeadersNotSigned: [...unsigned, ...absent].join(', ').slice(0, 1024) },
  })
}
