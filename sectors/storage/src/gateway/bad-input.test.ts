import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseQuery } from './http/parse-query.ts'
import { decodeUri } from './http/uri-text.ts'
import { type RunningGateway, startTestGateway } from './running-gateway.fixture.ts'
import { formatAmzDate } from './signature/amz-date.ts'
import { hashCanonicalRequest } from './signature/canonical-request.ts'
import { deriveSigningKey, signText } from './signature/signing-key.ts'
import { accessKeyId, secretAccessKey } from './test-gateway-options.fixture.ts'

const Bucket = 'bucket'
let running: RunningGateway
beforeAll(async () => {
  running = await startTestGateway()
  await running.client.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  running.client.destroy()
  await running.gateway.stop()
})

interface RawRequest {
  readonly method?: string
  readonly target?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What `x-amz-content-sha256` says. Default: the digest of the body. */
  readonly payload?: string
  readonly secret?: string
  readonly skewMs?: number
  /** Sends this instead of the body that was signed. */
  readonly sent?: string
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Signs and sends a request as bytes, wrong where it is told to be. @returns status and S3's code */
async function send(request: RawRequest): Promise<string> {
  const {
    method = 'PUT',
    target = '/bucket/key',
    body = '',
    payload,
    secret = secretAccessKey,
    skewMs = 0,
  } = request
  const date = formatAmzDate(Date.now() + skewMs)
  const scope = { day: date.slice(0, 8), region: 'us-east-1', service: 's3' }
  const headers: Record<string, string> = {
    host: new URL(running.gateway.url).host,
    'x-amz-date': date,
    'x-amz-content-sha256': payload ?? sha256(body),
    ...request.headers,
  }
  const [path, query = ''] = target.split('?')
  const names = Object.keys(headers).toSorted()
  const hash = hashCanonicalRequest(
    { method, path: decodeUri(path!), query: parseQuery(query), headers },
    names,
    headers['x-amz-content-sha256']!,
  )
  const key = deriveSigningKey(secret, scope)
  const scopeText = `${scope.day}/us-east-1/s3/aws4_request`
  const signature = signText(key, ['AWS4-HMAC-SHA256', date, scopeText, hash].join('\n'))
  const sent = request.sent ?? body
  return exchange(
    [
      `${method} ${target} HTTP/1.1`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scopeText}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
      ...(headers['content-length'] === undefined ? [`content-length: ${Buffer.byteLength(sent)}`] : []),
      'connection: close',
      '',
      sent,
    ].join('\r\n'),
    Number(headers['content-length'] ?? 0) > Buffer.byteLength(sent),
  )
}

/** @param isCut close after the bytes, although more were promised */
function exchange(bytes: string, isCut = false): Promise<string> {
  const { hostname, port } = new URL(running.gateway.url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect({ host: hostname, port: Number(port) }, () =>
      isCut ? socket.end(bytes) : socket.write(bytes),
    )
    socket.on('data', (piece) => {
      answer += piece.toString()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'nothing'
      resolve(
        [status, /<Code>(\w+)<\/Code>/.exec(answer)?.[1]].filter((part) => part !== undefined).join(' '),
      )
    })
  })
}

const contents = () =>
  readdirSync(join(running.folder, 'content'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )

const chunked = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
const framing = { 'x-amz-decoded-content-length': '5', 'x-amz-trailer': 'x-amz-checksum-crc32' }
const hello = 'NhCmhg=='

test('default: what is right is taken, in every payload mode', async () => {
  expect(await send({ body: 'hello' })).toBe('200')
  expect(await send({ body: 'hello', payload: 'UNSIGNED-PAYLOAD' })).toBe('200')
  expect(
    await send({
      payload: chunked,
      headers: framing,
      body: `5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${hello}\r\n\r\n`,
    }),
  ).toBe('200')
  expect(await send({ body: 'hello', headers: { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' } })).toBe('200')
  expect(await send({ method: 'DELETE' })).toBe('204')
  await expect.poll(contents).toEqual([])
})

test.for([
  ['a wrong secret', { body: 'a', secret: 'guessed' }, '403 SignatureDoesNotMatch'],
  ['a clock that is off', { body: 'a', skewMs: 16 * 60_000 }, '403 RequestTimeTooSkewed'],
  ['another body than was signed', { body: 'hello', sent: 'hullo' }, '400 XAmzContentSHA256Mismatch'],
  ['a body that ends early', { body: 'hello', headers: { 'content-length': '9' } }, '400 IncompleteBody'],
  [
    'a wrong Content-MD5',
    { body: 'a', headers: { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' } },
    '400 BadDigest',
  ],
  ['a Content-MD5 that is none', { body: 'a', headers: { 'content-md5': 'abc' } }, '400 InvalidDigest'],
  ['a wrong checksum', { body: 'a', headers: { 'x-amz-checksum-crc32': hello } }, '400 BadDigest'],
  [
    'a checksum that is none',
    { body: 'a', headers: { 'x-amz-checksum-crc32': 'abc' } },
    '400 InvalidRequest',
  ],
  [
    'two checksums',
    { body: 'a', headers: { 'x-amz-checksum-crc32': hello, 'x-amz-checksum-crc32c': hello } },
    '400 InvalidRequest',
  ],
  [
    'a wrong checksum after the body',
    { payload: chunked, headers: framing, body: '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n' },
    '400 BadDigest',
  ],
  [
    'no checksum after the body where one was promised',
    { payload: chunked, headers: framing, body: '5\r\nhello\r\n0\r\n\r\n' },
    '400 MalformedTrailerError',
  ],
  [
    'fewer bytes in chunks than promised',
    { payload: chunked, headers: framing, body: `4\r\nhell\r\n0\r\nx-amz-checksum-crc32:${hello}\r\n\r\n` },
    '400 IncompleteBody',
  ],
  [
    'more bytes in chunks than promised',
    { payload: chunked, headers: framing, body: `6\r\nhello!\r\n0\r\nx-amz-checksum-crc32:${hello}\r\n\r\n` },
    '400 IncompleteBody',
  ],
  [
    'a chunk signature that is wrong',
    {
      payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      headers: { 'x-amz-decoded-content-length': '5' },
      body: `5;chunk-signature=${'0'.repeat(64)}\r\nhello\r\n0;chunk-signature=${'0'.repeat(64)}\r\n\r\n`,
    },
    '403 SignatureDoesNotMatch',
  ],
  ['chunks of no promised length', { payload: chunked, body: '0\r\n\r\n' }, '411 MissingContentLength'],
  ['more than five gigabytes', { headers: { 'content-length': '5368709121' } }, '400 EntityTooLarge'],
  ['a key that is too long', { target: `/bucket/${'k'.repeat(1025)}`, body: 'a' }, '400 KeyTooLongError'],
  ['a key with a zero byte', { target: '/bucket/a%00b', body: 'a' }, '400 InvalidURI'],
  ['a bucket that is not there', { target: '/nobody/key', body: 'a' }, '404 NoSuchBucket'],
  ['a bucket that is a path', { target: '/..%2f..%2fetc/passwd', body: 'a' }, '404 NoSuchBucket'],
  [
    'metadata of three kilobytes',
    { body: 'a', headers: { 'x-amz-meta-a': 'a'.repeat(3000) } },
    '400 MetadataTooLarge',
  ],
  ['tags, which would be lost', { body: 'a', headers: { 'x-amz-tagging': 'a=b' } }, '501 NotImplemented'],
  [
    'an access list, which would not be kept',
    { body: 'a', headers: { 'x-amz-acl': 'public-read' } },
    '400 AccessControlListNotSupported',
  ],
  ['a subresource that is not there', { target: '/bucket/key?retention', body: 'a' }, '501 NotImplemented'],
  ['a method that is not there', { method: 'PATCH', body: 'a' }, '405 MethodNotAllowed'],
  [
    'an entity attack',
    { method: 'POST', target: '/bucket?delete', body: '<!DOCTYPE x [<!ENTITY a "b">]><Delete>&a;</Delete>' },
    '400 MalformedXML',
  ],
  [
    'XML without a bottom',
    { method: 'POST', target: '/bucket?delete', body: '<Delete>'.repeat(100_000) },
    '400 MalformedXML',
  ],
  [
    'XML without an end',
    { method: 'POST', target: '/bucket?delete', body: 'a'.repeat(8 * 2 ** 20 + 1) },
    '400 EntityTooLarge',
  ],
  [
    'a range of part numbers',
    { target: '/bucket/key?partNumber=0&uploadId=x', body: 'a' },
    '400 InvalidArgument',
  ],
  [
    'an upload that is not there',
    { target: '/bucket/key?partNumber=1&uploadId=x', body: 'a' },
    '404 NoSuchUpload',
  ],
] as const satisfies readonly (readonly [string, RawRequest, string])[])(
  'error: %s',
  async ([, request, answer]) => {
    expect(await send(request)).toBe(answer)
    await expect.poll(contents).toEqual([])
    expect((await running.client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
  },
)

test('error: what is no HTTP, and a request without a signature', async () => {
  expect(await exchange('hello\r\n\r\n')).toBe('400 InvalidRequest')
  expect(await exchange('GET /bucket/key HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toBe(
    '403 AccessDenied',
  )
})

test('behavior: with Expect: 100-continue a wrong signature costs the client no body', async () => {
  const head =
    'PUT /bucket/key HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 1000000\r\n\r\n'
  expect(await exchange(head)).toBe('403 AccessDenied')
})

test('behavior: the overwritten goes from the disk, what a part replaced too', async () => {
  const put = (Body: string) => running.client.send(new PutObjectCommand({ Bucket, Key: 'again', Body }))
  // Long enough for files of their own.
  const [one, two] = ['one'.repeat(20_000), 'two'.repeat(20_000)]
  await put(one)
  await put(two)
  const { UploadId } = await running.client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
  const target = `/bucket/parts?partNumber=1&uploadId=${UploadId}`
  expect(await send({ target, body: one })).toBe('200')
  expect(await send({ target, body: two })).toBe('200')
  await expect.poll(() => contents().length).toBe(2)
  expect(await send({ method: 'DELETE', target: `/bucket/parts?uploadId=${UploadId}` })).toBe('204')
  expect(await send({ method: 'DELETE', target: '/bucket/again' })).toBe('204')
  await expect.poll(() => contents().length).toBe(0)
})

test('behavior: the bucket may stand in the host', async () => {
  await running.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }))
  const host = `bucket.s3.localhost:${new URL(running.gateway.url).port}`
  expect(await send({ method: 'GET', target: '/a', headers: { host } })).toBe('200')
  expect(await send({ method: 'DELETE', target: '/a', headers: { host } })).toBe('204')
})

// A thousand durable objects take their time on a busy disk.
test('behavior: a listing is a page, however much is asked for and however much its keys grow in XML', {
  timeout: 90_000,
}, async () => {
  // Each of these bytes becomes five in XML.
  const keys = Array.from({ length: 1010 }, (_, i) => `${String(i).padStart(4, '0')}${'&'.repeat(1020)}`)
  for (let at = 0; at < keys.length; at += 50)
    await Promise.all(
      keys
        .slice(at, at + 50)
        .map((Key) => running.client.send(new PutObjectCommand({ Bucket, Key, Body: '' }))),
    )
  const page = await running.client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2_000_000_000 }))
  expect([page.KeyCount, page.IsTruncated]).toEqual([1000, true])
  const rest = await running.client.send(
    new ListObjectsV2Command({ Bucket, ContinuationToken: page.NextContinuationToken }),
  )
  expect([rest.KeyCount, rest.IsTruncated]).toEqual([10, false])
  for (const some of [keys.slice(0, 1000), keys.slice(1000)])
    await running.client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: some.map((Key) => ({ Key })), Quiet: true } }),
    )
})
