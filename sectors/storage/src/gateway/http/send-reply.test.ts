import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type RunningGateway, startTestGateway } from '../running-gateway.fixture.ts'

const Bucket = 'bucket'
const bytes = randomBytes(20_000_000)
let running: RunningGateway

beforeEach(async () => {
  running = await startTestGateway()
  await running.client.send(new CreateBucketCommand({ Bucket }))
  await running.client.send(new PutObjectCommand({ Bucket, Key: 'large', Body: bytes }))
})
afterEach(async () => {
  running.client.destroy()
  await running.gateway.stop()
})

const begin = async () => {
  const url = await getSignedUrl(running.client, new GetObjectCommand({ Bucket, Key: 'large' }))
  const sent = request(url)
  sent.on('error', () => undefined)
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return response
}

test('behavior: clients that hang up in the middle are no error, and the next ones are served', async () => {
  for (let i = 0; i < 20; i++) {
    const response = await begin()
    await once(response, 'data')
    response.destroy()
  }
  const { Body } = await running.client.send(new GetObjectCommand({ Bucket, Key: 'large' }))
  expect(Buffer.from(await Body!.transformToByteArray()).equals(bytes)).toBe(true)
  expect(running.errors).toEqual([])
})

test('behavior: a client that reads slowly gets every byte as it was, while others read the same', async () => {
  const read = async (pauseMs: number) => {
    const parts: Buffer[] = []
    for await (const part of await begin()) {
      parts.push(Buffer.from(part))
      if (pauseMs > 0 && parts.length % 40 === 0) await new Promise((wake) => setTimeout(wake, pauseMs))
    }
    return Buffer.concat(parts).equals(bytes)
  }
  expect(await Promise.all([read(5), read(0), read(0), read(2)])).toEqual([true, true, true, true])
})
