import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { deviceSigner } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  startTrustingOperator,
  type TestOperator,
  testOperatorClient,
} from '../operator/server/test-operator.fixture.ts'
import type { OperatorClient } from '../operator-client/create-operator-client.ts'
import { testCustomer } from '../wire/customer.fixture.ts'
import { clientRows } from './client-rows.ts'
import { startOverOperators } from './gateway-over-operators.fixture.ts'
import type { StorageOperator } from './storage-operator.ts'

const customer = testCustomer()

let folder: string
let servers: TestOperator[]
let clients: OperatorClient[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-s3-servers-'))
  servers = []
  clients = []
})
afterEach(async () => {
  for (const client of clients) client.close()
  await Promise.all(servers.map((server) => server.stop()))
  await rm(folder, { recursive: true })
})

/** An operator's server with a row store of its own, and the way to it as a gateway has it. */
async function operator(device: number): Promise<StorageOperator> {
  const signer = deviceSigner(new Uint8Array(32).fill(device + 1))
  const server = await startTrustingOperator(
    join(folder, `operator-${device}`),
    device,
    signer,
    customer.address,
  )
  servers.push(server)
  const client = testOperatorClient(server, device, signer.key, customer)
  clients.push(client)
  const place = { owner: `0x${device}`, network: `10.0.${device}.0/24`, country: 'CH' }
  const offer = { freeBytes: 2 ** 28, sharePpm: 1_000_000, pricePerTib: 1n }
  return { device, ...place, ...offer, rows: clientRows(client) }
}

const read = async (client: S3Client, Key: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }))
  return Buffer.from((await Body?.transformToByteArray()) ?? [])
}

test('default: 12 servers with 8/12, and with 4 of them gone every object is served bit for bit', {
  timeout: 60_000,
}, async () => {
  const operators = await Promise.all(Array.from({ length: 12 }, (_, device) => operator(device)))
  const directory = { all: () => operators, find: (device: number) => operators[device] }
  const code = { dataRows: 8, rows: 12 }
  const { client, content, stop } = await startOverOperators({
    folder: join(folder, 'gateway'),
    directory,
    customer: customer.address,
    code,
  })
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
  const objects = [0, 100, 5_000, 300_000, 5_000_000].map((size) => ({
    Key: `of-${size}`,
    Body: randomBytes(size),
  }))
  for (const object of objects) await client.send(new PutObjectCommand({ Bucket: 'bucket', ...object }))
  await content.settled()
  // Every server has a row of everything that is too large to stand in the gateway's index.
  for (const { store } of servers) expect((await store.usage()).rows).toBeGreaterThanOrEqual(3)
  for (const server of servers.splice(0, 4)) await server.stop()
  for (const { Key, Body } of objects) expect((await read(client, Key)).equals(Body)).toBe(true)
  await client.send(new DeleteObjectCommand({ Bucket: 'bucket', Key: 'of-300000' }))
  await content.settled()
  await stop()
})
