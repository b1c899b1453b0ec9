import { createHash } from 'node:crypto'
import type { Incoming } from '../http/incoming.ts'
import type { Query } from '../http/parse-query.ts'
import { encodeUri } from '../http/uri-text.ts'

/**
 * The hash of the canonical request (Amazon S3, "Signature calculations for the Authorization header").
 * The path is encoded once and not normalised: `//` and `..` are parts of keys.
 *
 * @param signedHeaders lower-case names, in the order they were signed
 * @param payloadHash what stands for the payload: its SHA-256 in hex, or the words of `x-amz-content-sha256`
 */
export function hashCanonicalRequest(
  { method, path, query, headers }: Incoming,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const text = [
    method,
    encodeUri(path, true),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(headers[name] ?? '')}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
  // Header values hold one byte in a char; everything else is ASCII by now.
  return createHash('sha256').update(text, 'latin1').digest('hex')
}

/** Sorted by encoded name, then value; the signature itself is not part of what it signs. */
function canonicalQuery(query: Query): string {
  return query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`)
    .sort(byCodeUnits)
    .join('&')
}

/** `a=1` before `a-b=1`: the name decides first, and `=` sorts after `-` and the digits. */
function byCodeUnits(left: string, right: string): number {
  const [leftName, rightName] = [left.slice(0, left.indexOf('=')), right.slice(0, right.indexOf('='))]
  if (leftName !== rightName) return leftName < rightName ? -1 : 1
  return left < right ? -1 : left > right ? 1 : 0
}

function canonicalValue(value: string): string {
  return value.trim().replaceAll(/ {2,}/g, ' ')
}
