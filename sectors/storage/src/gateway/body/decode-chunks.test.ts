import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { S3Error } from '../s3-error.ts'
import { deriveSigningKey } from '../signature/signing-key.ts'
import type { ChunkChain } from '../signature/verify-request.ts'
import { type ChunkOptions, decodeChunks } from './decode-chunks.ts'

// Amazon S3, "Signature calculations for the Authorization header: transferring payload in multiple chunks", with and without trailer.
const chain = (seed: string): ChunkChain => ({
  signingKey: deriveSigningKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', {
    day: '20130524',
    region: 'us-east-1',
    service: 's3',
  }),
  date: '20130524T000000Z',
  scope: '20130524/us-east-1/s3/aws4_request',
  seed,
})
const a = (count: number) => 'a'.repeat(count)
const chunk = (size: number, signature: string) =>
  `${size.toString(16)};chunk-signature=${signature}\r\n${a(size)}${size > 0 ? '\r\n' : ''}`
const signed = [
  chunk(65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
  chunk(1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
  chunk(0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'),
  '\r\n',
].join('')
const trailed = [
  chunk(65_536, 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2'),
  chunk(1024, '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7'),
  chunk(0, '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992'),
  'x-amz-checksum-crc32c:sOO8/Q==\r\n',
  'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
].join('')
const signedOptions = {
  chain: chain('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9'),
  hasTrailer: false,
}
const trailedOptions = {
  chain: chain('106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e'),
  hasTrailer: true,
}
const plainOptions = { chain: undefined, hasTrailer: true }

async function* inPieces(text: string, size: number) {
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function decode(text: string, options: ChunkOptions, pieceBytes = 4096) {
  const chunks = decodeChunks(inPieces(text, pieceBytes), options)
  let body = ''
  for (;;) {
    const { done, value } = await chunks.next()
    if (done) return { body, trailer: Object.fromEntries(value) }
    body += Buffer.from(value).toString('latin1')
  }
}
const codeOf = (text: string, options: ChunkOptions) =>
  decode(text, options).then(
    () => 'taken',
    (error: unknown) => (error instanceof S3Error ? error.s3Code : Promise.reject(error)),
  )

describe("Amazon's published examples", () => {
  test.for([1, 7, 4096, 100_000])('default: signed chunks, in pieces of %i bytes', async (size) => {
    expect(await decode(signed, signedOptions, size)).toEqual({ body: a(66_560), trailer: {} })
  })

  test('default: signed chunks with a signed trailer', async () => {
    expect(await decode(trailed, trailedOptions)).toEqual({
      body: a(66_560),
      trailer: { 'x-amz-checksum-crc32c': 'sOO8/Q==' },
    })
  })
})

test('default: chunks without signatures, with and without the last empty line', async () => {
  const text = '3\r\nabc\r\n2\r\nde\r\n0\r\nX-Amz-Checksum-CRC32: NSRBwg==\r\n'
  for (const end of ['', '\r\n', '\r\n\r\n'])
    expect(await decode(text + end, plainOptions)).toEqual({
      body: 'abcde',
      trailer: { 'x-amz-checksum-crc32': 'NSRBwg==' },
    })
})

test.for([
  ['a changed byte', signed.replace('aaa', 'aab'), signedOptions, 'SignatureDoesNotMatch'],
  ['a changed chunk signature', signed.replace('=0055', '=1055'), signedOptions, 'SignatureDoesNotMatch'],
  [
    'a chunk left out',
    signed.slice(0, 85 + 65_538 + 2) + signed.slice(-87),
    signedOptions,
    'SignatureDoesNotMatch',
  ],
  ['a changed trailer', trailed.replace('sOO8', 'sOO9'), trailedOptions, 'SignatureDoesNotMatch'],
  [
    'no signature of the trailer',
    trailed.replace(/x-amz-trailer-sig.*\r\n/, ''),
    trailedOptions,
    'SignatureDoesNotMatch',
  ],
  ['no signature of a chunk', '0\r\n\r\n', signedOptions, 'IncompleteBody'],
  ['an end inside a chunk', signed.slice(0, 5000), signedOptions, 'IncompleteBody'],
  ['an end before the last chunk', '3\r\nabc\r\n', plainOptions, 'IncompleteBody'],
  ['a size that is too small', '2\r\nabc\r\n0\r\n\r\n', plainOptions, 'IncompleteBody'],
  ['a size that is none', '-1\r\nabc\r\n0\r\n\r\n', plainOptions, 'IncompleteBody'],
  ['a size beyond all numbers', `${'f'.repeat(16)}\r\nabc`, plainOptions, 'IncompleteBody'],
  ['a line without end', 'a'.repeat(100_000), plainOptions, 'IncompleteBody'],
  ['more after the end', '0\r\n\r\n\r\nabc', plainOptions, 'IncompleteBody'],
  ['a trailer twice', '0\r\na:1\r\nA:2\r\n\r\n', plainOptions, 'MalformedTrailerError'],
  ['a trailer that is none', '0\r\nabc\r\n\r\n', plainOptions, 'MalformedTrailerError'],
] as const)('error: %s', async ([, text, options, code]) => {
  expect(await codeOf(text, options)).toBe(code)
})

test('behavior: any text is a body or an S3 error, and what was framed comes out', async () => {
  const part = fc.oneof(
    fc.constantFrom('\r\n', '\n', '0', '3', 'ff', ':', ';chunk-signature=', 'a'.repeat(64)),
    fc.string(),
  )
  const text = fc.array(part, { maxLength: 20 }).map((parts) => parts.join(''))
  await fc.assert(
    fc.asyncProperty(
      text,
      fc.constantFrom(signedOptions, plainOptions, trailedOptions),
      async (body, options) => {
        await codeOf(body, options)
      },
    ),
    { numRuns: 1000 },
  )
  const latin1 = fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
  await fc.assert(
    fc.asyncProperty(fc.array(latin1), fc.integer({ min: 1, max: 50 }), async (chunks, size) => {
      const framed = chunks.map((bytes) => `${bytes.length.toString(16)}\r\n${bytes}\r\n`).join('')
      expect((await decode(`${framed}0\r\n\r\n`, plainOptions, size)).body).toBe(chunks.join(''))
    }),
  )
})
