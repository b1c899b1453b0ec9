import { parseQuery } from '../http/parse-query.ts'
import { decodeUri } from '../http/uri-text.ts'
import { formatAmzDate } from './amz-date.ts'
import { hashCanonicalRequest } from './canonical-request.ts'
import { deriveSigningKey, signText } from './signing-key.ts'

/** A request without a body, and who signs it. */
export interface UnsignedRequest {
  readonly method: string
  readonly url: URL
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Unix ms. */
  readonly nowMs: number
}

/** The SHA-256 of nothing. */
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Signs a request as an S3 client does (SigV4, by header). @returns the headers to send with it */
export function signRequest({
  method,
  url,
  accessKeyId,
  secretAccessKey,
  nowMs,
}: UnsignedRequest): Readonly<Record<string, string>> {
  const date = formatAmzDate(nowMs)
  const scope = { day: date.slice(0, 8), region: 'us-east-1', service: 's3' }
  const scopeText = `${scope.day}/us-east-1/s3/aws4_request`
  const headers = { host: url.host, 'x-amz-content-sha256': emptyHash, 'x-amz-date': date }
  const names = Object.keys(headers)
  const incoming = { method, path: decodeUri(url.pathname), query: parseQuery(url.search.slice(1)), headers }
  const hash = hashCanonicalRequest(incoming, names, emptyHash)
  const key = deriveSigningKey(secretAccessKey, scope)
  const signature = signText(key, ['AWS4-HMAC-SHA256', date, scopeText, hash].join('\n'))
  const { host: _, ...sent } = headers
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scopeText}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  }
}
