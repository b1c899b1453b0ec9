import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { equalBytes } from '@cairn/protocol'
import type { Wrk } from '../peers/wrk.ts'
import { presign, type S3Server } from './s3-server.ts'

const run = promisify(execFile)

/** Methods that are measured. */
export type S3Method = 'GET' | 'PUT'

/** Objects of one size in a bucket of a server. */
export interface S3Objects {
  /** Requests a second, of `connections` that each send one after the other. */
  rate(wrk: Wrk, method: S3Method, connections: number, seconds: number): Promise<number>
  /** Seconds from the request to the end of the answer, of one object of another size. */
  secondsOf(method: S3Method, body: Uint8Array<ArrayBuffer>): Promise<number>
}

/**
 * Makes a bucket, puts the objects and reads one back.
 *
 * @param folder where the requests are kept for wrk
 * @throws Error when the server refuses one, or returns other bytes
 */
export async function putObjects(
  server: S3Server,
  { folder, count, bytes }: { readonly folder: string; readonly count: number; readonly bytes: number },
): Promise<S3Objects> {
  const body = new Uint8Array(randomBytes(bytes))
  const send = async (method: S3Method, path: string, content?: Uint8Array<ArrayBuffer>) => {
    const url = server.origin + presign(server, method, path, Date.now())
    const response = await fetch(url, { method, ...(content === undefined ? {} : { body: content }) })
    const answer = new Uint8Array(await response.arrayBuffer())
    if (response.ok) return answer
    throw new Error(`${method} ${url} was answered ${response.status}: ${Buffer.from(answer).toString()}`)
  }
  const bodyFile = join(folder, 'body')
  await writeFile(bodyFile, body)
  await send('PUT', '/bench')
  const paths = Array.from({ length: count }, (_, i) => `/bench/object-${i}`)
  for (const path of paths) await send('PUT', path, body)
  if (!equalBytes(await send('GET', paths[0]!), body))
    throw new Error(`${server.origin} returned other bytes.`)
  const pathsFile = (method: S3Method) => join(folder, `${method}-paths`)
  for (const method of ['GET', 'PUT'] as const)
    await writeFile(
      pathsFile(method),
      paths.map((path) => `${presign(server, method, path, Date.now())}\n`).join(''),
    )
  return {
    async rate(wrk, method, connections, seconds) {
      await settleDisk()
      const load = { origin: server.origin, method, pathsFile: pathsFile(method), connections, seconds }
      return await wrk.requestRate(method === 'PUT' ? { ...load, bodyFile } : load)
    },
    async secondsOf(method, content) {
      await settleDisk()
      const start = performance.now()
      const answer = await send(method, '/bench/large', method === 'PUT' ? content : undefined)
      const seconds = (performance.now() - start) / 1000
      if (method === 'GET' && !equalBytes(answer, content))
        throw new Error(`${server.origin} returned other bytes.`)
      return seconds
    },
  }
}

/** What one side left for the kernel to write must not be written during the other's turn. */
async function settleDisk(): Promise<void> {
  await run('sync')
}
