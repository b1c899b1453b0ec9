import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Incoming } from '../http/incoming.ts'
import { parseQuery } from '../http/parse-query.ts'
import { S3Error } from '../s3-error.ts'
import { parseAmzDate } from './amz-date.ts'
import { parseAuthorization } from './parse-authorization.ts'
import { createSigningKeys } from './signing-keys.ts'
import { verifyRequest } from './verify-request.ts'

// Amazon S3, "Examples: signature calculations in AWS Signature Version 4" and "Authenticating requests: using query parameters".
const accessKey = 'AKIAIOSFODNN7EXAMPLE'
const signingKeyOf = createSigningKeys((id) =>
  id === accessKey ? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' : undefined,
)
const nowMs = parseAmzDate('20130524T000000Z')!
const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

function published(
  method: string,
  path: string,
  query: string,
  headers: Record<string, string>,
  signature: string,
): Incoming {
  const own: Record<string, string> = {
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': emptySha256,
    ...headers,
  }
  const all = 'date' in own ? own : { ...own, 'x-amz-date': '20130524T000000Z' }
  const signed = Object.keys(all).sort().join(';')
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKey}/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signed},Signature=${signature}`
  return { method, path, query: parseQuery(query), headers: { ...all, authorization } }
}

const getObject = published(
  'GET',
  '/test.txt',
  '',
  { range: 'bytes=0-9' },
  'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
)
const presigned: Incoming = {
  method: 'GET',
  path: '/test.txt',
  query: parseQuery(
    `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${accessKey}%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404`,
  ),
  headers: { host: 'examplebucket.s3.amazonaws.com' },
}

const codeOf = (run: () => unknown) => {
  try {
    run()
    return 'taken'
  } catch (error) {
    if (error instanceof S3Error) return error.s3Code
    throw error
  }
}
const verdict = (incoming: Incoming, now = nowMs) => codeOf(() => verifyRequest(incoming, signingKeyOf, now))

describe("Amazon's published examples", () => {
  test.for([
    ['GET object', getObject],
    [
      'PUT object',
      published(
        'PUT',
        '/test$file.text',
        '',
        {
          'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
          'x-amz-date': '20130524T000000Z',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
          date: 'Fri, 24 May 2013 00:00:00 GMT',
        },
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
    ],
    [
      'GET bucket lifecycle',
      published(
        'GET',
        '/',
        'lifecycle',
        {},
        'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
      ),
    ],
    [
      'list objects',
      published(
        'GET',
        '/',
        'max-keys=2&prefix=J',
        {},
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    ],
    ['presigned GET', presigned],
  ] as const)('default: %s', ([, incoming]) => {
    expect(verifyRequest(incoming, signingKeyOf, nowMs).accessKeyId).toBe(accessKey)
  })
})

test.for([
  ['another path', { ...getObject, path: '/test.txt/' }, 'SignatureDoesNotMatch'],
  ['another query', { ...getObject, query: [['a', 'b']] }, 'SignatureDoesNotMatch'],
  ['another method', { ...getObject, method: 'PUT' }, 'SignatureDoesNotMatch'],
  [
    'another range',
    { ...getObject, headers: { ...getObject.headers, range: 'bytes=0-10' } },
    'SignatureDoesNotMatch',
  ],
  [
    'a header that was not signed',
    { ...getObject, headers: { ...getObject.headers, 'x-amz-acl': 'x' } },
    'AccessDenied',
  ],
  ['no signature', { ...getObject, headers: { host: 'x' } }, 'AccessDenied'],
  ['two signatures', { ...presigned, headers: getObject.headers }, 'InvalidArgument'],
  [
    'Version 2',
    { ...getObject, headers: { ...getObject.headers, authorization: 'AWS a:b' } },
    'AuthorizationHeaderMalformed',
  ],
] as const satisfies readonly (readonly [string, Incoming, string])[])('error: %s', ([, incoming, code]) => {
  expect(verdict(incoming)).toBe(code)
})

test('error: a wrong secret and an unknown key', () => {
  expect(
    codeOf(() =>
      verifyRequest(
        getObject,
        createSigningKeys(() => 'other'),
        nowMs,
      ),
    ),
  ).toBe('SignatureDoesNotMatch')
  expect(codeOf(() => verifyRequest(getObject, () => undefined, nowMs))).toBe('InvalidAccessKeyId')
})

test('error: a clock more than fifteen minutes off, a presigned URL after its time or long before', () => {
  const minute = 60_000
  expect(verdict(getObject, nowMs + 15 * minute)).toBe('taken')
  expect(verdict(getObject, nowMs - 15 * minute)).toBe('taken')
  expect(verdict(getObject, nowMs + 15 * minute + 1)).toBe('RequestTimeTooSkewed')
  expect(verdict(getObject, nowMs - 15 * minute - 1)).toBe('RequestTimeTooSkewed')
  expect(verdict(presigned, nowMs + 86_400_000)).toBe('taken')
  expect(verdict(presigned, nowMs + 86_400_001)).toBe('AccessDenied')
  expect(verdict(presigned, nowMs - 15 * minute - 1)).toBe('AccessDenied')
})

test('behavior: any text as a header or query is an S3 error or an authorization, never anything else', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'AWS4-HMAC-SHA256',
      ' ',
      ',',
      '=',
      'Credential',
      'SignedHeaders',
      'Signature',
      'host',
      '/',
      ';',
    ),
    fc.constantFrom(
      `${accessKey}/20130524/us-east-1/s3/aws4_request`,
      'a'.repeat(64),
      'X-Amz-Algorithm',
      '&',
      '%',
    ),
    fc.string(),
  )
  const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, text, fc.boolean(), (authorization, query, hasHeader) => {
      codeOf(() =>
        parseAuthorization({
          method: 'GET',
          path: '/',
          query: parseQuery(query),
          headers: { 'x-amz-date': '20130524T000000Z', ...(hasHeader ? { authorization } : {}) },
        }),
      )
    }),
    { numRuns: 2000 },
  )
})
