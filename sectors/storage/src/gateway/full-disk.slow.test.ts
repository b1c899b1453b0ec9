import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { type RunningGateway, startTestGateway } from './running-gateway.fixture.ts'

const Bucket = 'bucket'
const folder = mkdtempSync(join(tmpdir(), 'cairn-s3-full-'))
const isMounted = mount()
afterAll(() => {
  if (isMounted) execFileSync('/bin/umount', [folder])
})

/** A disk of its own, of 16 MiB. Only the superuser may have one. */
function mount(): boolean {
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const full = { name: 'ServiceUnavailable', $metadata: { httpStatusCode: 503 } }
const bodyOf = (key: string, sizeBytes: number) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(sizeBytes / 32) }, (_, i) =>
      createHash('sha256').update(`${key} ${i}`).digest(),
    ),
  ).subarray(0, sizeBytes)
const contents = () =>
  readdirSync(join(folder, 'content'), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )

/** Writes under one key after another until that fails. @returns what was acknowledged, and the error */
async function fill(write: (key: string) => Promise<unknown>) {
  const acknowledged: string[] = []
  for (let i = 0; i < 2_000; i++) {
    const error = await write(`key-${i}`)
      .then(() => undefined)
      .catch((cause: Error) => cause)
    if (error !== undefined) return { acknowledged, error }
    acknowledged.push(`key-${i}`)
  }
  return { acknowledged, error: undefined }
}

/** Exactly these keys are there, each as it was sent. */
async function expectExactly({ client }: RunningGateway, sizes: ReadonlyMap<string, number>) {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }))
  expect(Contents.map(({ Key }) => Key!).toSorted()).toEqual([...sizes.keys()].toSorted())
  for (const [Key, size] of sizes) {
    const got = await client.send(new GetObjectCommand({ Bucket, Key }))
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(bodyOf(Key, size)), Key).toBe(true)
  }
}

function fillToTheLastByte(): string {
  const path = join(folder, 'ballast')
  const file = openSync(path, 'w')
  for (const size of [2 ** 20, 4096])
    try {
      for (;;) writeSync(file, Buffer.alloc(size))
    } catch {
      // That there is no room left is the purpose.
    }
  closeSync(file)
  return path
}

test.skipIf(!isMounted)(
  'behavior: a full disk (mounting one takes the superuser) is S3’s own error, shows nothing torn and loses nothing',
  async () => {
    const sizes = new Map<string, number>()
    let gateway = await startTestGateway(folder)
    await gateway.client.send(new CreateBucketCommand({ Bucket }))
    const { client } = gateway
    const objects = await fill((Key) =>
      client.send(new PutObjectCommand({ Bucket, Key, Body: bodyOf(Key, 2_000_000) })),
    )
    expect(objects.error).toMatchObject(full)
    for (const key of objects.acknowledged) sizes.set(key, 2_000_000)
    expect(sizes.size).toBeGreaterThan(3)
    await expect.poll(() => contents().length).toBe(sizes.size)
    await expectExactly(gateway, sizes)

    // What can not be written now is the catalogue: an upload that begins has no content.
    const ballast = fillToTheLastByte()
    const Metadata = { long: 'm'.repeat(1900) }
    const uploads = await fill((Key) =>
      client.send(new CreateMultipartUploadCommand({ Bucket, Key, Metadata })),
    )
    expect(uploads.error).toMatchObject(full)
    await expectExactly(gateway, sizes)
    rmSync(ballast)

    await gateway.client.send(new DeleteObjectCommand({ Bucket, Key: 'key-0' }))
    sizes.delete('key-0')
    await gateway.client.send(
      new PutObjectCommand({ Bucket, Key: 'after', Body: bodyOf('after', 1_000_000) }),
    )
    sizes.set('after', 1_000_000)
    gateway.client.destroy()
    await gateway.gateway.stop()
    gateway = await startTestGateway(folder)
    await expectExactly(gateway, sizes)
    const { Uploads = [] } = await gateway.client.send(new ListMultipartUploadsCommand({ Bucket }))
    expect(Uploads.map(({ Key }) => Key!).toSorted()).toEqual(uploads.acknowledged.toSorted())
    await expect.poll(() => contents().length).toBe(sizes.size)
    gateway.client.destroy()
    await gateway.gateway.stop()
  },
)
