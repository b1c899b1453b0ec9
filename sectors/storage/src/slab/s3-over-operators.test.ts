import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { systemClock } from '@cairn/runtime'
import { expect, test } from 'vitest'
import type { ErasureCode } from '../erasure/erasure-code.ts'
import { startS3Gateway } from '../gateway/s3-gateway.ts'
import { testClient, testGatewayOptions } from '../gateway/test-gateway-options.fixture.ts'
import { createByteBudget } from './byte-budget.ts'
import { fakeOperators } from './fake-operators.fixture.ts'
import { createNetworkContentStore } from './network-content-store.ts'
import { createOperatorHealth } from './operator-health.ts'
import { openSlabIndex } from './slab-index.ts'
import { createSlabReader } from './slab-reader.ts'
import { createSlabWriter } from './slab-writer.ts'

async function startOverOperators(count: number, code: ErasureCode) {
  const clock = systemClock()
  const folder = mkdtempSync(join(tmpdir(), 'cairn-s3-slabs-'))
  const { all, directory } = fakeOperators(count, clock)
  const health = createOperatorHealth(clock.now)
  const index = openSlabIndex(join(folder, 'slabs'))
  const options = testGatewayOptions(folder, () => undefined)
  const writer = createSlabWriter({
    directory,
    health,
    budget: createByteBudget(64 * 2 ** 20),
    clock,
    customer: `0x${'11'.repeat(20)}`,
    rules: { rowsPerOperator: 1 },
    code,
    random: randomBytes,
    onStray: (slab, row, device) => index.addDeletions([{ slab, row, device }]),
  })
  const reader = createSlabReader({ directory, health, clock, onWrongRow: () => undefined })
  const { rootKey } = options
  const onError = () => undefined
  const content = createNetworkContentStore({
    index,
    writer,
    reader,
    directory,
    rootKey,
    random: randomBytes,
    onError,
  })
  const gateway = await startS3Gateway({ ...options, content })
  const stop = async () => {
    await gateway.stop()
    await content.settled()
    index.close()
  }
  return { all, content, client: testClient(gateway.url), stop }
}

test.for([
  { operators: 12, code: { dataRows: 8, rows: 12 }, dead: 4 },
  { operators: 30, code: { dataRows: 10, rows: 16 }, dead: 6 },
])(
  'default: $operators operators, $dead gone: every object of an S3 client',
  async ({ operators, code, dead }) => {
    const { all, content, client, stop } = await startOverOperators(operators, code)
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }))
    const objects = [0, 100, 5_000, 300_000, 7_000_000].map((size) => ({
      Key: `of-${size}`,
      Body: randomBytes(size),
    }))
    for (const object of objects) await client.send(new PutObjectCommand({ Bucket: 'bucket', ...object }))
    await content.settled()
    for (const fake of all.slice(0, dead)) fake.isDead = true
    for (const { Key, Body } of objects) {
      const answer = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key }))
      expect(Body.equals((await answer.Body?.transformToByteArray()) ?? new Uint8Array(1))).toBe(true)
    }
    for (const fake of all) fake.isDead = true
    const refused = client.send(
      new PutObjectCommand({ Bucket: 'bucket', Key: 'no', Body: randomBytes(9_000) }),
    )
    await expect(refused).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      $metadata: { httpStatusCode: 503 },
    })
    await stop()
  },
)
