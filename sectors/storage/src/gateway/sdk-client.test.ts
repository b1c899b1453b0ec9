import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningGateway, startTestGateway } from './running-gateway.fixture.ts'

let running: RunningGateway
beforeAll(async () => {
  running = await startTestGateway()
})
afterAll(async () => {
  running.client.destroy()
  await running.gateway.stop()
  expect(running.errors).toEqual([])
})

let count = 0
async function newBucket(): Promise<string> {
  count += 1
  const Bucket = `bucket-${count}`
  await running.client.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}
const send: RunningGateway['client']['send'] = ((command: never) => running.client.send(command)) as never
const put = (Bucket: string, Key: string, Body: string | Uint8Array = Key) =>
  send(new PutObjectCommand({ Bucket, Key, Body }))
const textOf = async (Bucket: string, Key: string, VersionId?: string) =>
  (await send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body!.transformToString()
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex')

test('default: buckets are made, listed, located and deleted', async () => {
  const Bucket = await newBucket()
  await send(new HeadBucketCommand({ Bucket }))
  expect((await send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toContain(Bucket)
  expect((await send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined()
  await put(Bucket, 'a')
  await expect(send(new DeleteBucketCommand({ Bucket }))).rejects.toThrow(/not empty/)
  await send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  await send(new DeleteBucketCommand({ Bucket }))
  await expect(send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 404 },
  })
  await expect(send(new CreateBucketCommand({ Bucket: 'Ab' }))).rejects.toMatchObject({
    name: 'InvalidBucketName',
  })
})

test('default: an object with its headers and metadata', async () => {
  const Bucket = await newBucket()
  const Body = randomBytes(300_000)
  const made = await send(
    new PutObjectCommand({
      Bucket,
      Key: 'a/b c',
      Body,
      ContentType: 'image/png',
      CacheControl: 'max-age=5',
      ContentEncoding: 'gzip',
      Metadata: { colour: 'blue', 'two-words': 'a  b' },
    }),
  )
  expect(made).toMatchObject({ ETag: `"${md5(Body)}"`, ChecksumType: 'FULL_OBJECT' })
  const got = await send(new GetObjectCommand({ Bucket, Key: 'a/b c', ChecksumMode: 'ENABLED' }))
  expect(got).toMatchObject({
    ContentLength: Body.length,
    ContentType: 'image/png',
    CacheControl: 'max-age=5',
    ContentEncoding: 'gzip',
    Metadata: { colour: 'blue', 'two-words': 'a  b' },
    ChecksumCRC32: made.ChecksumCRC32,
  })
  expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Body)).toBe(true)
  expect(await send(new HeadObjectCommand({ Bucket, Key: 'a/b c' }))).toMatchObject({
    ContentLength: Body.length,
  })
})

test.for([0, 1, 65_536, 3_000_001])(
  'default: a stream of %i bytes with its checksum after it',
  async (size) => {
    const Bucket = await newBucket()
    const bytes = randomBytes(size)
    const Body = Readable.from(
      (function* () {
        for (let at = 0; at < size; at += 50_000) yield bytes.subarray(at, at + 50_000)
      })(),
      { objectMode: false },
    )
    await send(new PutObjectCommand({ Bucket, Key: 'stream', Body, ContentLength: size }))
    const got = await send(new GetObjectCommand({ Bucket, Key: 'stream' }))
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(bytes)).toBe(true)
    expect(got.ContentEncoding).toBeUndefined()
  },
)

test.for(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
  'behavior: %s is checked and given back',
  async (ChecksumAlgorithm) => {
    const Bucket = await newBucket()
    const made = await send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'hello', ChecksumAlgorithm }))
    const got = await send(new GetObjectCommand({ Bucket, Key: 'a', ChecksumMode: 'ENABLED' }))
    expect(got[`Checksum${ChecksumAlgorithm}`]).toBe(made[`Checksum${ChecksumAlgorithm}`])
    expect(got[`Checksum${ChecksumAlgorithm}`]).toBeDefined()
  },
)

test('behavior: ranges', async () => {
  const Bucket = await newBucket()
  await put(Bucket, 'digits', '0123456789')
  const range = async (Range: string) => {
    const got = await send(new GetObjectCommand({ Bucket, Key: 'digits', Range }))
    return `${got.$metadata.httpStatusCode} ${got.ContentRange} ${await got.Body!.transformToString()}`
  }
  expect(await range('bytes=2-4')).toBe('206 bytes 2-4/10 234')
  expect(await range('bytes=7-')).toBe('206 bytes 7-9/10 789')
  expect(await range('bytes=-3')).toBe('206 bytes 7-9/10 789')
  expect(await range('bytes=5-100')).toBe('206 bytes 5-9/10 56789')
  expect(await range('bytes=4-2')).toBe('200 undefined 0123456789')
  await expect(range('bytes=10-')).rejects.toMatchObject({
    name: 'InvalidRange',
    $metadata: { httpStatusCode: 416 },
  })
})

test('behavior: conditions of reads and writes', async () => {
  const Bucket = await newBucket()
  const { ETag } = await put(Bucket, 'a')
  const get = (fields: object) => send(new GetObjectCommand({ Bucket, Key: 'a', ...fields }))
  await get({ IfMatch: ETag })
  await expect(get({ IfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
  await expect(get({ IfModifiedSince: new Date() })).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  })
  await expect(get({ IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  const write = (Key: string, fields: object) =>
    send(new PutObjectCommand({ Bucket, Key, Body: 'new', ...fields }))
  await expect(write('a', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  await expect(write('a', { IfMatch: '"x"' })).rejects.toMatchObject({ name: 'PreconditionFailed' })
  await expect(write('b', { IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' })
  await write('a', { IfMatch: ETag })
  await write('b', { IfNoneMatch: '*' })
  expect(await textOf(Bucket, 'a')).toBe('new')
})

test('behavior: of many writers that each want to be the first, one is', async () => {
  const Bucket = await newBucket()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) =>
      send(new PutObjectCommand({ Bucket, Key: 'lock', Body: `writer ${i}`, IfNoneMatch: '*' })),
    ),
  )
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('behavior: keys of 1 024 bytes, of every plane of Unicode, and that look like paths', async () => {
  const Bucket = await newBucket()
  const planes = Array.from({ length: 17 }, (_, plane) => String.fromCodePoint(plane * 0x10000 + 0x1234))
  const keys = [
    'k'.repeat(1024),
    '語'.repeat(341),
    ...planes,
    '../../etc/passwd',
    'a//b/',
    'a/./b',
    ' leading and trailing ',
    '%2F%00+&?#=;:@$,',
    'quotes\'"<>&amp;',
    'new\nline\ttab\u0001',
    'e\u0301 and é',
  ]
  for (const key of keys) await put(Bucket, key)
  for (const key of keys) expect(await textOf(Bucket, key)).toBe(key)
  const listed = (await send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))).Contents
  const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect(listed?.map(({ Key }) => decodeURIComponent(Key!))).toEqual(sorted)
  await expect(put(Bucket, 'k'.repeat(1025))).rejects.toMatchObject({ name: 'KeyTooLongError' })
  const deleted = await send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: keys.filter((key) => !key.includes('\u0001')).map((Key) => ({ Key })) },
    }),
  )
  expect(deleted.Errors).toBeUndefined()
  expect((await send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))).KeyCount).toBe(1)
})

describe('listing', () => {
  test('behavior: pages, prefixes and delimiters, both versions', async () => {
    const Bucket = await newBucket()
    const keys = ['a', 'b/1', 'b/2', 'b/3/x', 'c/1', 'd', 'e/1', 'e/2']
    for (const key of keys) await put(Bucket, key)
    const all: string[] = []
    let token: string | undefined
    do {
      const page = await send(
        new ListObjectsV2Command({ Bucket, Delimiter: '/', MaxKeys: 2, ContinuationToken: token }),
      )
      expect(page.KeyCount).toBe(2 - ((all.length === 4 && 1) || 0))
      all.push(
        ...(page.Contents ?? []).map(({ Key }) => Key!),
        ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!),
      )
      token = page.NextContinuationToken
    } while (token !== undefined)
    expect(all.toSorted()).toEqual(['a', 'b/', 'c/', 'd', 'e/'])
    const inB = await send(
      new ListObjectsV2Command({ Bucket, Prefix: 'b/', Delimiter: '/', FetchOwner: true }),
    )
    expect(inB.Contents?.map(({ Key }) => Key)).toEqual(['b/1', 'b/2'])
    expect(inB.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['b/3/'])
    const after = await send(new ListObjectsV2Command({ Bucket, StartAfter: 'c/1' }))
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['d', 'e/1', 'e/2'])
    const first = await send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 3 }))
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'c/' })
    const rest = await send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: first.NextMarker }))
    expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['d'])
    expect(rest.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['e/'])
    expect((await send(new ListObjectsV2Command({ Bucket, MaxKeys: 0 }))).IsTruncated).toBe(false)
    await expect(
      send(new ListObjectsV2Command({ Bucket, ContinuationToken: 'made up' })),
    ).rejects.toMatchObject({
      name: 'InvalidArgument',
    })
  })
})

test('behavior: a copy keeps or replaces what is said of the object', async () => {
  const Bucket = await newBucket()
  await send(
    new PutObjectCommand({ Bucket, Key: 'from é', Body: 'hello', Metadata: { a: '1' }, ContentType: 'x/y' }),
  )
  const CopySource = `${Bucket}/${encodeURIComponent('from é')}`
  await send(new CopyObjectCommand({ Bucket, Key: 'kept', CopySource }))
  await send(
    new CopyObjectCommand({
      Bucket,
      Key: 'new',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
    }),
  )
  expect(await send(new GetObjectCommand({ Bucket, Key: 'kept' }))).toMatchObject({
    Metadata: { a: '1' },
    ContentType: 'x/y',
  })
  expect((await send(new HeadObjectCommand({ Bucket, Key: 'new' }))).Metadata).toEqual({ b: '2' })
  expect(await textOf(Bucket, 'new')).toBe('hello')
  await expect(send(new CopyObjectCommand({ Bucket, Key: 'from é', CopySource }))).rejects.toMatchObject({
    name: 'InvalidRequest',
  })
  await expect(
    send(new CopyObjectCommand({ Bucket, Key: 'x', CopySource, CopySourceIfMatch: '"other"' })),
  ).rejects.toMatchObject({ name: 'PreconditionFailed' })
})

describe('multipart', () => {
  const fiveMiB = 5 * 2 ** 20

  test('default: parts become an object, with a checksum of checksums', async () => {
    const Bucket = await newBucket()
    const Key = 'big'
    const bodies = [randomBytes(fiveMiB), randomBytes(fiveMiB + 1), randomBytes(10)]
    const { UploadId, ChecksumAlgorithm } = await send(
      new CreateMultipartUploadCommand({ Bucket, Key, Metadata: { m: '1' }, ChecksumAlgorithm: 'CRC32' }),
    )
    expect(ChecksumAlgorithm).toBe('CRC32')
    const Parts = []
    for (const [index, Body] of bodies.entries()) {
      const part = await send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: index + 1, Body }))
      Parts.push({ PartNumber: index + 1, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 })
    }
    const listed = await send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 2 }))
    expect(listed).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' })
    expect((await send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toMatchObject([
      { Key, UploadId },
    ])
    const done = await send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
    )
    const digests = Buffer.concat(bodies.map((body) => createHash('md5').update(body).digest()))
    expect(done.ETag).toBe(`"${md5(digests)}-3"`)
    expect(done.ChecksumCRC32).toMatch(/-3$/)
    const got = await send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
    expect(got).toMatchObject({
      Metadata: { m: '1' },
      ChecksumType: 'COMPOSITE',
      ChecksumCRC32: done.ChecksumCRC32,
    })
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Buffer.concat(bodies))).toBe(true)
    const across = await send(
      new GetObjectCommand({ Bucket, Key, Range: `bytes=${fiveMiB - 5}-${fiveMiB + 4}` }),
    )
    expect(Buffer.from(await across.Body!.transformToByteArray())).toEqual(
      Buffer.concat(bodies).subarray(fiveMiB - 5, fiveMiB + 5),
    )
    const second = await send(new HeadObjectCommand({ Bucket, Key, PartNumber: 2 }))
    expect(second).toMatchObject({ PartsCount: 3, ContentLength: fiveMiB + 1 })
    expect((await send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toBeUndefined()
  })

  test.for(['CRC32', 'CRC32C', 'CRC64NVME'] as const)(
    'behavior: %s of the whole from its parts',
    async (ChecksumAlgorithm) => {
      const Bucket = await newBucket()
      const bodies = [randomBytes(fiveMiB), randomBytes(1000)]
      await send(new PutObjectCommand({ Bucket, Key: 'source', Body: Buffer.concat(bodies) }))
      const Key = 'parts'
      const { UploadId } = await send(
        new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm, ChecksumType: 'FULL_OBJECT' }),
      )
      const Parts = []
      for (const [index, range] of [`0-${fiveMiB - 1}`, `${fiveMiB}-${fiveMiB + 999}`].entries()) {
        const { CopyPartResult } = await send(
          new UploadPartCopyCommand({
            Bucket,
            Key,
            UploadId,
            PartNumber: index + 1,
            CopySource: `${Bucket}/source`,
            CopySourceRange: `bytes=${range}`,
          }),
        )
        Parts.push({ PartNumber: index + 1, ETag: CopyPartResult?.ETag })
      }
      const done = await send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      )
      await send(
        new CopyObjectCommand({ Bucket, Key: 'once', CopySource: `${Bucket}/source`, ChecksumAlgorithm }),
      )
      const once = await send(new HeadObjectCommand({ Bucket, Key: 'once', ChecksumMode: 'ENABLED' }))
      expect(done[`Checksum${ChecksumAlgorithm}`]).toBe(once[`Checksum${ChecksumAlgorithm}`])
      expect(done[`Checksum${ChecksumAlgorithm}`]).toBeDefined()
    },
  )

  test('error: order, missing and small parts; abort forgets them', async () => {
    const Bucket = await newBucket()
    const Key = 'k'
    const { UploadId } = await send(new CreateMultipartUploadCommand({ Bucket, Key }))
    const parts: Record<number, string> = {}
    for (const PartNumber of [1, 2]) {
      const { ETag } = await send(
        new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: `part ${PartNumber}` }),
      )
      parts[PartNumber] = ETag!
    }
    const complete = (...numbers: number[]) =>
      send(
        new CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          MultipartUpload: {
            Parts: numbers.map((PartNumber) => ({ PartNumber, ETag: parts[PartNumber] ?? '"x"' })),
          },
        }),
      )
    await expect(complete(2, 1)).rejects.toMatchObject({ name: 'InvalidPartOrder' })
    await expect(complete(1, 3)).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await expect(complete(3)).rejects.toMatchObject({ name: 'InvalidPart' })
    await expect(complete(1, 2)).rejects.toMatchObject({ name: 'EntityTooSmall' })
    await expect(complete()).rejects.toMatchObject({ name: 'MalformedXML' })
    await expect(
      send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 10_001, Body: '' })),
    ).rejects.toMatchObject({ name: 'InvalidArgument' })
    await send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
    await expect(complete(1)).rejects.toMatchObject({ name: 'NoSuchUpload' })
    await expect(textOf(Bucket, Key)).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

test('behavior: versions are kept, listed, marked as deleted and removed', async () => {
  const Bucket = await newBucket()
  await put(Bucket, 'a', 'before')
  await send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  expect((await send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')
  const first = await put(Bucket, 'a', 'first')
  const second = await put(Bucket, 'a', 'second')
  expect(await textOf(Bucket, 'a', first.VersionId)).toBe('first')
  expect(await textOf(Bucket, 'a', 'null')).toBe('before')
  const gone = await send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  expect(gone.DeleteMarker).toBe(true)
  await expect(textOf(Bucket, 'a')).rejects.toMatchObject({ name: 'NoSuchKey' })
  await expect(textOf(Bucket, 'a', gone.VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' })
  expect((await send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0)
  const listed = await send(new ListObjectVersionsCommand({ Bucket }))
  expect(listed.DeleteMarkers).toMatchObject([{ VersionId: gone.VersionId, IsLatest: true }])
  expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([
    second.VersionId,
    first.VersionId,
    'null',
  ])
  const page = await send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2 }))
  const next = await send(
    new ListObjectVersionsCommand({
      Bucket,
      KeyMarker: page.NextKeyMarker,
      VersionIdMarker: page.NextVersionIdMarker,
    }),
  )
  expect(next.Versions?.map(({ VersionId }) => VersionId)).toEqual([first.VersionId, 'null'])
  await send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: gone.VersionId }))
  expect(await textOf(Bucket, 'a')).toBe('second')
  await send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }))
  await put(Bucket, 'a', 'suspended')
  expect(await textOf(Bucket, 'a')).toBe('suspended')
  expect((await send(new ListObjectVersionsCommand({ Bucket }))).Versions).toHaveLength(3)
  const versions = (await send(new ListObjectVersionsCommand({ Bucket }))).Versions ?? []
  await send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: versions.map(({ Key, VersionId }) => ({ Key, VersionId })), Quiet: true },
    }),
  )
  await send(new DeleteBucketCommand({ Bucket }))
})

test('behavior: presigned URLs get and put, with the headers they were given', async () => {
  const Bucket = await newBucket()
  const putUrl = await getSignedUrl(
    running.client,
    new PutObjectCommand({ Bucket, Key: 'a b', Metadata: { x: '1' } }),
    {
      expiresIn: 60,
    },
  )
  const made = await fetch(putUrl, { method: 'PUT', body: 'by URL' })
  expect(await made.text()).toBe('')
  expect(made.status).toBe(200)
  expect((await send(new HeadObjectCommand({ Bucket, Key: 'a b' }))).Metadata).toEqual({ x: '1' })
  const getUrl = await getSignedUrl(
    running.client,
    new GetObjectCommand({ Bucket, Key: 'a b', ResponseContentType: 'text/x' }),
    { expiresIn: 60 },
  )
  const got = await fetch(getUrl)
  expect(await got.text()).toBe('by URL')
  expect(got.headers.get('content-type')).toBe('text/x')
  const other = await fetch(getUrl.replace('/a%20b', '/other'))
  expect(other.status).toBe(403)
  expect(await other.text()).toContain('<Code>SignatureDoesNotMatch</Code>')
})
