import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect, test } from 'vitest'
import { testClient } from './test-gateway-options.fixture.ts'

const child = fileURLToPath(new URL('./crash-child.fixture.ts', import.meta.url))
const Bucket = 'bucket'
const MiB = 2 ** 20
/** What the process may take more for two gigabytes than for 64 megabytes: what its collector has not got to yet. */
const mostGrowthMiB = 96

function* repeated(sizeBytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(MiB, 'a stone that every passer-by adds to ')
  for (let left = sizeBytes; left > 0; left -= piece.length) yield piece.subarray(0, left)
}

async function send(url: string, sizeBytes: number): Promise<number | undefined> {
  const sending = request(url, { method: 'PUT', headers: { 'content-length': sizeBytes } })
  const answered = once(sending, 'response')
  await pipeline(Readable.from(repeated(sizeBytes)), sending)
  const [response] = await answered
  response.resume()
  return response.statusCode
}

/** Linux keeps the peak of every process, and forgets it when told to. */
const peakMiB = (pid: number) =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
const forgetPeak = (pid: number) => writeFileSync(`/proc/${pid}/clear_refs`, '5')

test('behavior: memory is flat while two gigabytes are put', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-s3-memory-'))
  const running = spawn(process.execPath, [child, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const pid = running.pid!
  const [line] = (await once(running.stdout!, 'data')) as [Buffer]
  const client = testClient(line.toString().trim())
  await client.send(new CreateBucketCommand({ Bucket }))
  const put = async (Key: string, sizeBytes: number) => {
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket, Key }))
    forgetPeak(pid)
    expect(await send(url, sizeBytes)).toBe(200)
    return peakMiB(pid)
  }
  const small = await put('small', 64 * MiB)
  const large = await put('large', 2048 * MiB)
  console.info(`peak RSS: ${small} MiB for 64 MiB, ${large} MiB for 2 GiB`)
  expect(large - small).toBeLessThan(mostGrowthMiB)
  const { ContentLength } = await client.send(new HeadObjectCommand({ Bucket, Key: 'large' }))
  expect(ContentLength).toBe(2048 * MiB)
  client.destroy()
  const exited = once(running, 'exit')
  running.kill('SIGKILL')
  await exited
  rmSync(folder, { recursive: true })
})
