import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { NotMeasuredError } from '../row.ts'

const run = promisify(execFile)

const script = fileURLToPath(new URL('./wrk-s3.lua', import.meta.url))

/** wrk and what it is linked with, where Debian has them. */
const debianPackages = ['wrk', 'libluajit-5.1-2', 'libluajit-5.1-common']

/** A load of requests that take turns, one after the other on each connection. */
export interface WrkLoad {
  /** `http://host:port`. */
  readonly origin: string
  readonly method: 'GET' | 'PUT'
  /** File with a path and query a line. */
  readonly pathsFile: string
  /** File with the body of every request. */
  readonly bodyFile?: string
  readonly connections: number
  readonly seconds: number
}

/** The load generator, ready to run. */
export interface Wrk {
  /**
   * Requests that were answered, a second.
   *
   * @throws Error when a request failed
   */
  requestRate(load: WrkLoad): Promise<number>
  close(): Promise<void>
}

/** How the load is named where its figures are printed. */
export const wrkCommand = (method: string, connections: string, seconds: number, body: string): string =>
  `wrk -t1 -c${connections} -d${seconds}s --timeout 60s -s benchmarks/src/peers/wrk-s3.lua ORIGIN -- ${method} PATHS${body}`

/**
 * wrk of the PATH, or Debian's, unpacked in a folder of its own for the run.
 *
 * @throws NotMeasuredError where there is neither
 */
export async function openWrk(): Promise<Wrk> {
  if (await starts('wrk', process.env)) return wrkAt('wrk', process.env, async () => undefined)
  const folder = await mkdtemp(join(tmpdir(), 'cairn-wrk-'))
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    await run('apt-get', ['download', ...debianPackages], { cwd: folder })
    const files = await readdir(folder)
    for (const file of files) await run('dpkg-deb', ['-x', join(folder, file), folder])
    const libraries = await readdir(join(folder, 'usr/lib'))
    const path = libraries.map((name) => join(folder, 'usr/lib', name)).join(':')
    return wrkAt(join(folder, 'usr/bin/wrk'), { ...process.env, LD_LIBRARY_PATH: path }, close)
  } catch (error) {
    await close()
    throw new NotMeasuredError(
      `There is no wrk on the PATH, and Debian's was not to be had: ${error instanceof Error ? error.message : String(error)}`,
      'Install it: `apt-get install wrk`, or `brew install wrk`.',
    )
  }
}

function wrkAt(program: string, env: NodeJS.ProcessEnv, close: () => Promise<void>): Wrk {
  return {
    async requestRate({ origin, method, pathsFile, bodyFile, connections, seconds }) {
      const load = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', script, origin]
      const requests = [method, pathsFile, ...(bodyFile === undefined ? [] : [bodyFile])]
      return parseRequestRate((await run(program, [...load, '--', ...requests], { env })).stdout)
    },
    close,
  }
}

/** wrk has no command that succeeds and does nothing: asked for its version it prints it and exits with 1. */
async function starts(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return await run(program, ['-v'], { env }).then(
    () => true,
    (error: { stdout?: string }) => error.stdout?.startsWith('wrk ') === true,
  )
}

/** The line of JSON that the script prints at the end, as requests a second. */
export function parseRequestRate(output: string): number {
  const line = output.split('\n').find((text) => text.startsWith('{'))
  if (line === undefined) throw new Error(`wrk printed no result, but: ${output.slice(-300)}`)
  const { requests, seconds, failed } = JSON.parse(line) as Record<string, number>
  if (failed !== 0 || requests === 0) throw new Error(`Of ${requests} requests ${failed} failed: ${output}`)
  return requests! / seconds!
}
