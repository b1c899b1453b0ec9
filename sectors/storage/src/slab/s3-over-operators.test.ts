import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { systemClock } from '@cairn/runtime'
import { expect, test } from 'vitest'
import { fakeOperators } from './fake-operators.fixture.ts'
import { startOverOperators } from './gateway-over-operators.fixture.ts'

test.for([
  { operators: 12, code: { dataRows: 8, rows: 12 }, dead: 4 },
  { operators: 30, code: { dataRows: 10, rows: 16 }, dead: 6 },
])(
  'default: $operators operators, $dead gone: every object of an S3 client',
  async ({ operators, code, dead }) => {
    const folder = mkdtempSync(join(tmpdir(), 'cairn-s3-slabs-'))
    const { all, directory } = fakeOperators(operators, systemClock())
    const customer = `0x${'11'.repeat(20)}` as const
    const { content, client, stop } = await startOverOperators({ folder, directory, customer, code })
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
