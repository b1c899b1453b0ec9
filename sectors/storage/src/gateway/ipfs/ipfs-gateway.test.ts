import { createHash, randomBytes } from 'node:crypto'
import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { CarReader } from '@ipld/car'
import { exporter } from 'ipfs-unixfs-exporter'
import { importBytes } from 'ipfs-unixfs-importer'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningGateway, startTestGateway } from '../running-gateway.fixture.ts'
import { signRequest } from '../signature/sign-request.ts'
import { accessKeyId, secretAccessKey } from '../test-gateway-options.fixture.ts'
import { startIpfsGateway } from './ipfs-gateway.ts'

const Bucket = 'bucket'
const MiB = 2 ** 20
let running: RunningGateway
let root: string
beforeAll(async () => {
  running = await startTestGateway()
  root = running.gateway.ipfsUrl!
  await running.client.send(new CreateBucketCommand({ Bucket }))
})
afterAll(async () => {
  running.client.destroy()
  await running.gateway.stop()
})

const signedFetch = (endpoint: string, method: string, target: string) => {
  const url = new URL(target, endpoint)
  const headers = signRequest({ method, url, accessKeyId, secretAccessKey, nowMs: Date.now() })
  return fetch(url, { method, headers })
}
const put = (Key: string, Body: Uint8Array) =>
  running.client.send(new PutObjectCommand({ Bucket, Key, Body }))
const control = (method: string, target: string) => signedFetch(running.gateway.url, method, target)
async function publish(key: string): Promise<string> {
  const answer = await control('PUT', `/bucket/${key}?publication`)
  const text = await answer.text()
  expect(answer.status, text).toBe(200)
  return /<CID>(\w+)<\/CID>/.exec(text)![1]!
}
async function published(key: string, bytes: Uint8Array): Promise<string> {
  await put(key, bytes)
  return publish(key)
}
const get = (cid: string, query = '', init?: RequestInit) => fetch(`${root}/ipfs/${cid}${query}`, init)
async function car(cid: string, query = '?format=car'): Promise<CarReader> {
  const answer = await get(cid, query)
  expect(answer.status).toBe(200)
  return CarReader.fromBytes(new Uint8Array(await answer.arrayBuffer()))
}
const cidsOf = async (reader: CarReader) => {
  const cids: string[] = []
  for await (const cid of reader.cids()) cids.push(cid.toString())
  return cids
}
/** Reads a file out of a CAR as a client does that trusts nobody: every block is held against its CID. */
async function readFile(reader: CarReader, cid: string, range = {}): Promise<Buffer> {
  const blocks = {
    async *get(id: CID) {
      const block = await reader.get(id)
      if (block === undefined) throw new Error(`${id} is missing`)
      expect(createHash('sha256').update(block.bytes).digest().equals(id.multihash.digest)).toBe(true)
      yield block.bytes
    },
  }
  const entry = await exporter(cid, blocks)
  if (entry.type !== 'file' && entry.type !== 'raw') throw new Error(`a ${entry.type} is no file`)
  const parts: Uint8Array[] = []
  for await (const part of entry.content(range)) parts.push(part)
  return Buffer.concat(parts)
}

test.each([0, 1, 1000, MiB, MiB + 1, 5 * MiB + 3])(
  'default: a public file of %i bytes verifies, bit for bit, under the CID that others compute',
  async (size) => {
    const bytes = randomBytes(size)
    const cid = await published(`file-${size}`, bytes)
    const store = { put: async (id: CID) => id }
    const expected = await importBytes(bytes, store, { profile: 'unixfs-v1-2025' })
    expect(cid).toBe(expected.cid.toString())
    const reader = await car(cid)
    expect((await reader.getRoots()).map(String)).toEqual([cid])
    expect((await readFile(reader, cid)).equals(bytes)).toBe(true)
    for (const id of await cidsOf(reader)) {
      const answer = await get(id, '?format=raw')
      expect(answer.headers.get('content-type')).toBe('application/vnd.ipld.raw')
      const block = Buffer.from(await answer.arrayBuffer())
      expect(createHash('sha256').update(block).digest().equals(CID.parse(id).multihash.digest)).toBe(true)
    }
  },
)

test('behavior: what repeats is sent once, or each time when it is asked for', async () => {
  const cid = await published('zeros', Buffer.alloc(4 * MiB))
  const once = await get(cid, '?format=car')
  expect(once.headers.get('content-type')).toBe('application/vnd.ipld.car; version=1; order=dfs; dups=n')
  expect(await cidsOf(await car(cid))).toHaveLength(2)
  const each = await get(cid, '', { headers: { accept: 'application/vnd.ipld.car;order=dfs;dups=y' } })
  expect(each.headers.get('content-type')).toBe('application/vnd.ipld.car; version=1; order=dfs; dups=y')
  expect(each.headers.get('content-location')).toBe(
    `/ipfs/${cid}?format=car&car-version=1&car-order=dfs&car-dups=y`,
  )
  expect(await cidsOf(await CarReader.fromBytes(new Uint8Array(await each.arrayBuffer())))).toHaveLength(5)
  expect((await readFile(await car(cid), cid)).equals(Buffer.alloc(4 * MiB))).toBe(true)
})

test('behavior: a scope or a range sends the blocks it takes, and no others', async () => {
  const bytes = randomBytes(5 * MiB + 3)
  const cid = await published('ranges', bytes)
  const all = await cidsOf(await car(cid))
  const count = async (query: string) => (await cidsOf(await car(cid, `?format=car&${query}`))).length
  expect(all).toHaveLength(7)
  expect(await count('dag-scope=block')).toBe(1)
  expect(await count('dag-scope=entity')).toBe(7)
  expect(await count('entity-bytes=0:*')).toBe(7)
  expect(await count('entity-bytes=0:0')).toBe(2)
  expect(await count(`entity-bytes=${MiB - 1}:${MiB}`)).toBe(3)
  expect(await count('entity-bytes=-3:*')).toBe(2)
  expect(await count(`entity-bytes=10:-${4 * MiB + 4}`)).toBe(2)
  expect(await count(`entity-bytes=-1000000000:2`)).toBe(2)
  expect(await count('entity-bytes=6000000:*')).toBe(1)
  expect(await count('entity-bytes=3:2')).toBe(1)
  const range = { offset: 2 * MiB + 5, length: MiB }
  const partial = await car(
    cid,
    `?format=car&entity-bytes=${range.offset}:${range.offset + range.length - 1}`,
  )
  expect(await cidsOf(partial)).toEqual([all[0], all[3], all[4]])
  const got = await readFile(partial, cid, range)
  expect(got.equals(bytes.subarray(range.offset, range.offset + range.length))).toBe(true)
})

test('behavior: answers may be kept for ever, and never shown as a page', async () => {
  const bytes = randomBytes(2 * MiB)
  const cid = await published('headers', bytes)
  const tags = new Set<string>()
  for (const query of [
    'format=raw',
    'format=car',
    'format=car&car-dups=y',
    'format=car&dag-scope=block',
    'format=car&entity-bytes=0:1',
    'format=car&entity-bytes=0:2',
  ]) {
    const answer = await get(cid, `?${query}`)
    const { headers } = answer
    await answer.arrayBuffer()
    tags.add(headers.get('etag')!)
    expect(headers.get('cache-control')).toBe('public, max-age=29030400, immutable')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('content-disposition')).toBe(
      `attachment; filename="${cid}.${query === 'format=raw' ? 'bin' : 'car'}"`,
    )
    const again = await get(cid, `?${query}`, {
      headers: { 'if-none-match': `"x", W/${headers.get('etag')}` },
    })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const head = await get(cid, `?${query}`, { method: 'HEAD' })
    expect([head.status, head.headers.get('etag'), head.headers.get('content-type')]).toEqual([
      200,
      headers.get('etag'),
      headers.get('content-type'),
    ])
  }
  expect(tags.size).toBe(6)
  const named = await get(cid, '?format=raw&filename=%E8%AA%9E%22.bin')
  expect(named.headers.get('content-disposition')).toBe(
    `attachment; filename="__.bin"; filename*=UTF-8''%E8%AA%9E%22.bin`,
  )
  await named.arrayBuffer()
})

test('behavior: a path that leads nowhere is answered with the blocks that prove it', async () => {
  const cid = await published('lonely', randomBytes(2 * MiB))
  expect(await cidsOf(await car(`${cid}/no/such`))).toEqual([cid])
})

test('behavior: the probe of clients', async () => {
  const raw = await get('bafkqaaa', '?format=raw')
  expect([raw.status, await raw.text()]).toEqual([200, ''])
  expect((await (await car('bafkqaaa')).getRoots()).map(String)).toEqual(['bafkqaaa'])
})

test('behavior: nothing is public that was not published, or is so no more', async () => {
  const secret = randomBytes(1000)
  await put('secret', secret)
  const cid = CID.createV1(0x55, createDigest(0x12, createHash('sha256').update(secret).digest())).toString()
  expect((await get(cid, '?format=raw')).status).toBe(404)
  expect((await get(cid, '?format=raw', { headers: { 'cache-control': 'only-if-cached' } })).status).toBe(412)
  expect((await control('GET', '/bucket/secret?publication')).status).toBe(404)
  expect(await publish('secret')).toBe(cid)
  expect((await get(cid, '?format=raw', { headers: { 'cache-control': 'only-if-cached' } })).status).toBe(200)
  expect((await control('GET', '/bucket/secret?publication')).status).toBe(200)
  expect(await (await control('GET', '/?publications')).text()).toContain(`<CID>${cid}</CID>`)
  // The same bytes elsewhere stay private, and keep nothing public.
  await put('same', secret)
  expect((await control('DELETE', '/bucket/secret?publication')).status).toBe(204)
  expect((await get(cid, '?format=raw')).status).toBe(404)
  await publish('secret')
  await put('secret', Buffer.from('another'))
  expect((await get(cid, '?format=raw')).status).toBe(404)
  await publish('same')
  expect((await get(cid, '?format=raw')).status).toBe(200)
  await running.client.send(new DeleteObjectCommand({ Bucket, Key: 'same' }))
  expect((await get(cid, '?format=raw')).status).toBe(404)
  expect((await fetch(`${root}/bucket/secret`)).status).toBe(404)
  expect((await fetch(`${running.gateway.url}/ipfs/${cid}?format=raw`)).status).toBe(403)
})

test('behavior: where versions are kept, a new one is private and the public one stays; deleting the key ends it', async () => {
  await running.client.send(new CreateBucketCommand({ Bucket: 'kept' }))
  await running.client.send(
    new PutBucketVersioningCommand({ Bucket: 'kept', VersioningConfiguration: { Status: 'Enabled' } }),
  )
  const write = (Body: string) =>
    running.client.send(new PutObjectCommand({ Bucket: 'kept', Key: 'key', Body }))
  const { VersionId } = await write('one')
  const answer = await control('PUT', `/kept/key?publication&versionId=${VersionId}`)
  const cid = /<CID>(\w+)<\/CID>/.exec(await answer.text())![1]!
  await write('two')
  expect((await control('GET', '/kept/key?publication')).status).toBe(404)
  expect(await (await get(cid, '?format=raw')).text()).toBe('one')
  await running.client.send(new DeleteObjectCommand({ Bucket: 'kept', Key: 'key' }))
  expect((await get(cid, '?format=raw')).status).toBe(404)
  expect((await control('PUT', `/kept/key?publication&versionId=${VersionId}`)).status).toBe(404)
  expect((await get(cid, '?format=raw')).status).toBe(404)
})

test('behavior: what is unpublished while it is being published does not become public', async () => {
  await put('hasty', randomBytes(32 * MiB))
  const publishing = control('PUT', '/bucket/hasty?publication')
  const index = () => new DatabaseSync(join(running.folder, 'public', 'blocks.sqlite'), { readOnly: true })
  await expect
    .poll(() => index().prepare('select count(*) as n from owners where cid is null').get()!.n, {
      interval: 1,
    })
    .toBe(1)
  expect((await control('DELETE', '/bucket/hasty?publication')).status).toBe(204)
  expect((await publishing).status).toBe(404)
  expect((await control('GET', '/bucket/hasty?publication')).status).toBe(404)
})

test('behavior: of more requests than it answers at once, the next is told to come again', async () => {
  let release = () => {}
  const held = new Promise<undefined>((resolve) => {
    release = () => resolve(undefined)
  })
  const own = await startIpfsGateway({
    blocks: { has: () => true, read: () => held },
    host: '127.0.0.1',
    port: 0,
    onError: () => undefined,
  })
  const cid = CID.createV1(0x55, createDigest(0x12, new Uint8Array(32))).toString()
  const ask = () => fetch(`${own.url}/ipfs/${cid}?format=raw`).then(({ status }) => status)
  const first = Array.from({ length: 64 }, ask)
  const others: number[] = []
  await expect
    .poll(async () => others.push(await Promise.race([ask(), first[0]!])) && others.at(-1))
    .toBe(503)
  release()
  expect(new Set(await Promise.all(first))).toEqual(new Set([404]))
  expect(await ask()).toBe(404)
  await own.stop()
})

test('behavior: damaged content gives no wrong byte: a CAR is cut off, a block is an error', async () => {
  const own = await startTestGateway()
  await own.client.send(new CreateBucketCommand({ Bucket }))
  await own.client.send(new PutObjectCommand({ Bucket, Key: 'key', Body: randomBytes(3 * MiB) }))
  const answer = await signedFetch(own.gateway.url, 'PUT', '/bucket/key?publication')
  const cid = /<CID>(\w+)<\/CID>/.exec(await answer.text())![1]!
  const fetchOwn = (id: string, query: string) => fetch(`${own.gateway.ipfsUrl}/ipfs/${id}${query}`)
  const whole = await fetchOwn(cid, '?format=car')
  const ids = await cidsOf(await CarReader.fromBytes(new Uint8Array(await whole.arrayBuffer())))
  const content = join(own.folder, 'content')
  const file = (await readdir(content, { recursive: true, withFileTypes: true })).find((entry) =>
    entry.isFile(),
  )!
  const handle = await open(join(file.parentPath, file.name), 'r+')
  await handle.write(Buffer.of(1, 2, 3), 0, 3, 1.5 * MiB)
  await handle.close()
  expect((await fetchOwn(ids[1]!, '?format=raw')).status).toBe(200)
  expect((await fetchOwn(ids[2]!, '?format=raw')).status).toBe(500)
  await expect(fetchOwn(cid, '?format=car').then((cut) => cut.arrayBuffer())).rejects.toThrow()
  expect(own.errors.length).toBeGreaterThan(0)
  own.client.destroy()
  await own.gateway.stop()
})

test('behavior: a lost index is made again from what is public', async () => {
  const first = await startTestGateway()
  await first.client.send(new CreateBucketCommand({ Bucket }))
  const bytes = randomBytes(2 * MiB)
  await first.client.send(new PutObjectCommand({ Bucket, Key: 'key', Body: bytes }))
  const answer = await signedFetch(first.gateway.url, 'PUT', '/bucket/key?publication')
  const cid = /<CID>(\w+)<\/CID>/.exec(await answer.text())![1]!
  await first.gateway.stop()
  first.client.destroy()
  await rm(join(first.folder, 'public'), { recursive: true })
  const second = await startTestGateway(first.folder)
  const url = `${second.gateway.ipfsUrl}/ipfs/${cid}?format=car`
  await expect.poll(async () => (await fetch(url, { method: 'HEAD' })).status).toBe(200)
  const reader = await CarReader.fromBytes(new Uint8Array(await (await fetch(url)).arrayBuffer()))
  expect((await readFile(reader, cid)).equals(bytes)).toBe(true)
  second.client.destroy()
  await second.gateway.stop()
})

test.each([
  ['no format', '', {}, 400],
  ['any format', '', { accept: '*/*' }, 406],
  ['a page', '', { accept: 'text/html' }, 406],
  ['a format that is not made', '?format=tar', {}, 406],
  ['a CAR of another version', '?format=car&car-version=2', {}, 406],
  ['an order that is not made', '', { accept: 'application/vnd.ipld.car;order=bfs' }, 406],
  [
    'the second best format',
    '',
    { accept: 'text/html, application/vnd.ipld.car;order=bfs, application/vnd.ipld.raw;q=0.1' },
    200,
  ],
  ['a format refused by its weight', '', { accept: 'application/vnd.ipld.raw;q=0' }, 406],
  ['the URL before Accept', '?format=raw', { accept: 'text/html' }, 200],
  ['a block with a path', '/path?format=raw', {}, 400],
  ['a path upwards', '/%2e%2e/x?format=car', {}, 400],
  ['a scope that is none', '?format=car&dag-scope=some', {}, 400],
  ['a range that is none', '?format=car&entity-bytes=1-2', {}, 400],
  ['an encoding that is none', '/%ff?format=car', {}, 400],
] as const)('error: %s', async (_, query, headers, status) => {
  const cid = await published('errors', Buffer.from('errors'))
  const { hostname, port } = new URL(root)
  // fetch adds an Accept of its own.
  const { request } = await import('node:http')
  const answered = await new Promise<number>((resolve, reject) => {
    request({ hostname, port, path: `/ipfs/${cid}${query}`, headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
  expect(answered).toBe(status)
})

test('error: no CID, another hash, another method', async () => {
  for (const path of [
    '',
    'x',
    'bafkrei',
    `${'b'.repeat(4000)}`,
    '..',
    'bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e0',
  ])
    expect((await get(path, '?format=raw')).status, path).toBeGreaterThanOrEqual(400)
  expect((await get('bafyaaiakciud6', '?format=car')).status).toBeGreaterThanOrEqual(400)
  expect((await get('bafkqaaa', '?format=raw', { method: 'PUT', body: 'x' })).status).toBe(405)
  expect((await get('bafkqaaa', '', { method: 'OPTIONS' })).status).toBe(204)
})
