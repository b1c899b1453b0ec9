import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { cataloguePath } from './catalogue/open-database.ts'
import { testClient } from './test-gateway-options.fixture.ts'

const child = fileURLToPath(new URL('./crash-child.fixture.ts', import.meta.url))
const Bucket = 'bucket'
const rounds = 4
const keys = 12

async function start(folder: string): Promise<{ process: ChildProcess; client: S3Client }> {
  const started = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(started.stdout!, 'data')) as [Buffer]
  return { process: started, client: testClient(line.toString().trim()) }
}

/** Every version of a key begins with its number, and is that number's byte throughout: a torn one shows. */
function bodyOf(version: number, sizeBytes: number): Buffer {
  return Buffer.alloc(sizeBytes, version % 251)
}

function countSmall(folder: string): number {
  const catalogue = new DatabaseSync(cataloguePath(join(folder, 'catalogue')), { readOnly: true })
  const { count } = catalogue.prepare('select count(*) as count from small_contents').get()!
  catalogue.close()
  return Number(count)
}

test('behavior: killed at any moment, it loses nothing that it acknowledged and shows nothing torn', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-s3-crash-'))
  const sizes = Array.from({ length: keys }, (_, i) => [10, 5_000, 200_000, 2_000_000][i % 4]!)
  const acknowledged = sizes.map(() => 0)
  const sent = sizes.map(() => 0)
  let gateway = await start(folder)
  await gateway.client.send(new CreateBucketCommand({ Bucket }))
  for (let round = 0; round < rounds; round++) {
    const { client, process: running } = gateway
    const writers = sizes.map(async (size, key) => {
      for (;;) {
        sent[key]! += 1
        const version = sent[key]!
        await client.send(new PutObjectCommand({ Bucket, Key: `key-${key}`, Body: bodyOf(version, size) }))
        acknowledged[key] = version
        // The kill comes in the middle of everybody's work, at another point of it in every run.
        if (acknowledged.reduce((sum, one) => sum + one, 0) > (round + 1) * 25 + randomBytes(1)[0]! / 16)
          running.kill('SIGKILL')
      }
    })
    const exited = once(running, 'exit')
    await Promise.allSettled(writers)
    await exited
    client.destroy()
    gateway = await start(folder)
    const listed = (await gateway.client.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []
    expect(listed.length).toBeGreaterThanOrEqual(acknowledged.filter((version) => version > 0).length)
    for (const { Key } of listed) {
      const key = Number(Key!.slice(4))
      const got = await gateway.client.send(new GetObjectCommand({ Bucket, Key }))
      const bytes = Buffer.from(await got.Body!.transformToByteArray())
      const version = Array.from(
        { length: sent[key]! - acknowledged[key]! + 1 },
        (_, i) => acknowledged[key]! + i,
      ).find((candidate) => bytes.equals(bodyOf(candidate, sizes[key]!)))
      expect(version, `${Key} is neither what was acknowledged nor what was sent after it`).toBeDefined()
    }
    const files = readdirSync(join(folder, 'content'), { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile(),
    )
    // Contents that no version has are gone: of those with files, and of those in the catalogue.
    const hasFile = listed.filter(({ Size }) => Size! > 32_768)
    expect(files).toHaveLength(hasFile.length)
    expect(countSmall(folder)).toBe(listed.length - hasFile.length)
  }
  gateway.client.destroy()
  gateway.process.kill('SIGKILL')
})
