import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  type DeleteMarkerEntry,
  DeleteObjectCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { Gateway } from '@cairn/protocol'
import { deviceSigner } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGateway } from '../gateway/create-gateway.ts'
import {
  startTrustingOperator,
  type TestOperator,
  testContext,
} from '../operator/server/test-operator.fixture.ts'
import { testCustomer } from '../wire/customer.fixture.ts'
import type { CustomerRail, GatewayChain } from './gateway-chain.ts'

const customer = testCustomer()

let folder: string
let servers: TestOperator[]
let rails: CustomerRail[]
let gateways: Gateway[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-restore-'))
  servers = []
  rails = []
  gateways = []
  for (let device = 0; device < 8; device++) await startOperator(device)
})
afterEach(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop().catch(() => undefined)))
  await Promise.all(servers.map((server) => server.stop()))
  await rm(folder, { recursive: true })
})

async function startOperator(device: number): Promise<void> {
  const signer = deviceSigner(new Uint8Array(32).fill(device + 1))
  const operatorFolder = join(folder, `operator-${device}`)
  const server = await startTrustingOperator(operatorFolder, device, signer, customer.address)
  servers.push(server)
  rails.push({
    ...{ rail: BigInt(device), set: BigInt(device), state: 'running', payer: customer.address, device },
    deviceKey: signer.key,
    owner: `0x${String(device).padStart(40, '0')}`,
    offer: { url: server.url, country: 'CH', capacityBytes: 2n ** 40n },
    ...{ storagePrice: 1n, egressPrice: 0n, pieces: 0, succeeds: undefined },
    proving: { periodEpochs: 4, windowEpochs: 2, challenges: 3 },
  })
}

const chain: GatewayChain = {
  ...{ context: testContext, customer: customer.address, sign: customer.sign },
  readRails: async () => rails,
  readNextPiece: async () => 0,
  readPiece: async () => undefined,
  schedulePieceRemovals: async () => undefined,
  removeDuePieces: async () => undefined,
  readHistories: async () => ({ now: 0, byDevice: new Map() }),
  readVoucherProgram: async () => 0,
  isVoucherSigner: async () => true,
  readRedeemed: async () => 0n,
  signVoucher: async (voucher) => ({ ...voucher, signature: '0x01' }),
}

/** A gateway of one root key over a data folder. */
async function start(data: string, restore = false): Promise<{ gateway: Gateway; client: S3Client }> {
  const accessKeyFile = join(folder, 'access-keys.json')
  const gateway = await createGateway({
    settings: {
      ...{ dataFolder: join(folder, data), rootKeyFile: join(folder, 'root.key'), accessKeyFile },
      ...{ host: '127.0.0.1', port: 0, domains: [] },
      operators: {
        ...{ code: { dataRows: 4, rows: 6 }, rowsPerOperator: 1 },
        ...{ bundleMs: 3_600_000, rebuildMs: 3_600_000, auditMs: 3_600_000, refreshMs: 3_600_000, restore },
      },
    },
    openChain: async () => chain,
    now: Date.now,
    onError: () => undefined,
  })
  gateways.push(gateway)
  const { accessKeys } = JSON.parse(await readFile(accessKeyFile, 'utf8'))
  const { accessKeyId, secretAccessKey } = accessKeys[0]
  const client = new S3Client({
    endpoint: gateway.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  })
  return { gateway, client }
}
const stop = async (gateway: Gateway) => {
  gateways.splice(gateways.indexOf(gateway), 1)
  await gateway.stop()
}

const Bucket = 'bucket'
const put = (client: S3Client, Key: string, Body: Uint8Array, Metadata = {}) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, Metadata }))
const get = async (client: S3Client, Key: string, VersionId?: string) => {
  const { Body, Metadata } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }))
  return { bytes: Buffer.from(await Body!.transformToByteArray()), Metadata }
}
/** What listing says of every version and marker. */
const listed = async (client: S3Client) => {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
  const of = ({ Key, VersionId, IsLatest }: DeleteMarkerEntry) => `${Key} ${VersionId} ${IsLatest}`
  return [...Versions.map((each) => `${of(each)} ${each.Size} ${each.ETag}`), ...DeleteMarkers.map(of)]
}

test('default: from the root key and the operators alone every bucket and object comes back, and an upload goes on', {
  timeout: 60_000,
}, async () => {
  const first = await start('data')
  const { client } = first
  await client.send(new CreateBucketCommand({ Bucket }))
  await client.send(new CreateBucketCommand({ Bucket: 'empty' }))
  const versioning = { Status: 'Enabled' } as const
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: versioning }))
  const bodies = [0, 100, 5_000, 300_000, 3_000_000].map((size) => new Uint8Array(randomBytes(size)))
  for (const body of bodies) await put(client, `of/${body.length}`, body, { size: String(body.length) })
  const { VersionId: older } = await put(client, 'twice', bodies[2]!)
  await put(client, 'twice', bodies[3]!)
  await put(client, 'gone', bodies[1]!)
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }))
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
  const part = new Uint8Array(randomBytes(5 * 2 ** 20))
  const upload = { Bucket, Key: 'parts', UploadId }
  const { ETag } = await client.send(new UploadPartCommand({ ...upload, PartNumber: 1, Body: part }))
  const before = await listed(client)

  // The first gateway is not asked to stop: whatever it did not say is lost with its disk.
  await expect(start('other')).rejects.toMatchObject({ code: 'not_restored' })
  await rm(join(folder, 'other'), { recursive: true })
  for (const server of servers.splice(0, 2)) await server.stop()
  const second = await start('other', true)
  expect(second.gateway.facts.restoredEntries).toMatch(/^[1-9]/)
  const { Buckets } = await second.client.send(new ListBucketsCommand({}))
  expect(Buckets!.map(({ Name }) => Name)).toEqual([Bucket, 'empty'])
  expect(await listed(second.client)).toEqual(before)
  for (const body of bodies) {
    const { bytes, Metadata } = await get(second.client, `of/${body.length}`)
    expect(bytes.equals(body)).toBe(true)
    expect(Metadata).toEqual({ size: String(body.length) })
  }
  expect((await get(second.client, 'twice', older)).bytes.equals(bodies[2]!)).toBe(true)
  await expect(get(second.client, 'gone')).rejects.toMatchObject({ name: 'NoSuchKey' })
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  await second.client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }))
  expect((await get(second.client, 'parts')).bytes.equals(part)).toBe(true)
})

test('default: restored again and again, after orderly ends and others, and behind checkpoints', {
  timeout: 60_000,
}, async () => {
  let { gateway, client } = await start('data-0')
  await client.send(new CreateBucketCommand({ Bucket }))
  const body = (i: number) => new Uint8Array(Buffer.alloc(6_000, i))
  for (let i = 1; i <= 4; i++) {
    await put(client, `key-${i}`, body(i))
    await put(client, 'same', body(i))
    if (i % 2 === 0) {
      // An orderly end, and another start over the same folder, before the folder is lost.
      await stop(gateway)
      ;({ gateway, client } = await start(`data-${i - 1}`))
      await put(client, `late-${i}`, body(i))
    }
    ;({ gateway, client } = await start(`data-${i}`, true))
    for (let j = 1; j <= i; j++) expect((await get(client, `key-${j}`)).bytes.equals(body(j))).toBe(true)
    expect((await get(client, 'same')).bytes.equals(body(i))).toBe(true)
    if (i % 2 === 0) expect((await get(client, `late-${i}`)).bytes.equals(body(i))).toBe(true)
  }
  await expect(start('data-4', true)).rejects.toMatchObject({
    code: expect.stringMatching(/not_empty|in_use/),
  })
})

test('error: without the operators that have it nothing is restored, and nothing is begun anew', {
  timeout: 60_000,
}, async () => {
  const { gateway, client } = await start('data')
  await client.send(new CreateBucketCommand({ Bucket }))
  await stop(gateway)
  for (const server of servers.splice(0, 6)) await server.stop()
  await expect(start('other', true)).rejects.toMatchObject({ code: 'nothing_to_restore' })
  await expect(start('other')).rejects.toMatchObject({ code: 'not_restored' })
})
