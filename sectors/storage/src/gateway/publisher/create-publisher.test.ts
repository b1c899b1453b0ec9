import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningGateway, startTestGateway } from '../running-gateway.fixture.ts'
import { accessKeyId, secretAccessKey } from '../test-gateway-options.fixture.ts'
import { createPublisher, type Published, type Publisher } from './create-publisher.ts'

const Bucket = 'bucket'
const accessKeyFile = join(mkdtempSync(join(tmpdir(), 'cairn-publisher-')), 'keys.json')
let running: RunningGateway
const open = (settings: { endpoint: string; accessKeyFile: string }) =>
  createPublisher({ ...settings, now: Date.now, signal: new AbortController().signal })
async function all(publisher: Publisher): Promise<Published[]> {
  const found: Published[] = []
  for await (const one of publisher.list()) found.push(one)
  return found
}
beforeAll(async () => {
  running = await startTestGateway()
  writeFileSync(accessKeyFile, JSON.stringify({ accessKeys: [{ accessKeyId, secretAccessKey }] }))
  await running.client.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  running.client.destroy()
  await running.gateway.stop()
})

test.each(['plain', 'a b/語+&?#%41', "it's/(1)!*", ' ', '/', 'a//b'])(
  'default: the key %j is published, listed, and private again',
  async (Key) => {
    await running.client.send(new PutObjectCommand({ Bucket, Key, Body: `of ${Key}` }))
    const publisher = await open({ endpoint: running.gateway.url, accessKeyFile })
    const name = `s3://${Bucket}/${Key}`
    const published = await publisher.publish(name)
    expect(published).toMatchObject({ name, version: 'null', sizeBytes: Buffer.byteLength(`of ${Key}`) })
    const read = () => fetch(`${running.gateway.ipfsUrl}/ipfs/${published.cid}?format=raw`)
    expect(await (await read()).text()).toBe(`of ${Key}`)
    expect(await publisher.publish(name, 'null')).toEqual(published)
    expect(await all(publisher)).toEqual([published])
    await publisher.unpublish(name)
    await publisher.unpublish(name)
    expect((await read()).status).toBe(404)
    expect(await all(publisher)).toEqual([])
  },
)

test('error: what can not be published, and a gateway that is not there', async () => {
  const endpoint = running.gateway.url
  const publisher = await open({ endpoint, accessKeyFile })
  const code = (promise: Promise<unknown>) => promise.catch((error) => error.code)
  expect(await code(publisher.publish('s3://bucket/nothing'))).toBe('gateway_refused')
  expect(await code(publisher.publish('s3://bucket/plain', 'no-such'))).toBe('gateway_refused')
  for (const name of ['bucket/key', 's3://bucket', 's3://bucket/', 's3:///key', 's3://bucket/a/../b'])
    expect(await code(publisher.publish(name)), name).toBe('malformed_object_name')
  expect(await code(open({ endpoint: 'here', accessKeyFile }))).toBe('malformed_endpoint')
  expect(await code(open({ endpoint, accessKeyFile: `${accessKeyFile}.no` }))).toBe('missing_access_keys')
  const nobody = await open({ endpoint: 'http://127.0.0.1:1', accessKeyFile })
  expect(await code(nobody.publish('s3://bucket/key'))).toBe('gateway_unreachable')
})
