import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect, test } from 'vitest'
import { testClient } from './test-gateway-options.fixture.ts'

const child = fileURLToPath(new URL('./crash-child.fixture.ts', import.meta.url))
const object = { Bucket: 'bucket', Key: 'large' }
const partBytes = 5 * 2 ** 20

async function start(folder: string): Promise<{ process: ChildProcess; client: S3Client }> {
  const started = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(started.stdout!, 'data')) as [Buffer]
  return { process: started, client: testClient(line.toString().trim()) }
}

test('behavior: killed in the middle of a part, it has the parts that it acknowledged, and the upload goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-s3-upload-'))
  const contents = () =>
    readdirSync(join(folder, 'content'), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    )
  const parts = [1, 2, 3].map((number) => ({ number, bytes: randomBytes(partBytes) }))
  let gateway = await start(folder)
  await gateway.client.send(new CreateBucketCommand({ Bucket: object.Bucket }))
  const { UploadId } = await gateway.client.send(new CreateMultipartUploadCommand(object))
  const put = async ({ number, bytes }: { number: number; bytes: Buffer }) => {
    const answer = await gateway.client.send(
      new UploadPartCommand({ ...object, UploadId, PartNumber: number, Body: bytes }),
    )
    return { PartNumber: number, ETag: answer.ETag!, ChecksumCRC32: answer.ChecksumCRC32 }
  }
  const [first, second] = [await put(parts[0]!), await put(parts[1]!)]
  // A whole megabyte of the third part has arrived when the gateway dies.
  const url = await getSignedUrl(
    gateway.client,
    new UploadPartCommand({ ...object, UploadId, PartNumber: 3 }),
  )
  const half = request(url, { method: 'PUT', headers: { 'content-length': partBytes } })
  half.on('error', () => undefined)
  half.write(parts[2]!.bytes.subarray(0, 2 ** 20))
  await expect.poll(() => contents().length).toBe(3)
  const exited = once(gateway.process, 'exit')
  gateway.process.kill('SIGKILL')
  await exited
  gateway.client.destroy()

  gateway = await start(folder)
  expect(contents()).toHaveLength(2)
  const listed = await gateway.client.send(new ListPartsCommand({ ...object, UploadId }))
  expect(listed.Parts?.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }))).toEqual(
    [first, second].map(({ PartNumber, ETag }) => ({ PartNumber, ETag })),
  )
  expect((await gateway.client.send(new ListObjectsV2Command(object))).KeyCount).toBe(0)
  const third = await put(parts[2]!)
  await gateway.client.send(
    new CompleteMultipartUploadCommand({
      ...object,
      UploadId,
      MultipartUpload: { Parts: [first, second, third] },
    }),
  )
  const got = await gateway.client.send(new GetObjectCommand(object))
  const bytes = Buffer.from(await got.Body!.transformToByteArray())
  expect(bytes.equals(Buffer.concat(parts.map((part) => part.bytes)))).toBe(true)
  gateway.client.destroy()
  gateway.process.kill('SIGKILL')
})
