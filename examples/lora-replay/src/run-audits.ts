import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCairn } from '@cairn/testing/cairn-process'

/** What `cairn audit --json` prints. */
interface AuditResult {
  readonly same: boolean
  readonly reports: number
  readonly roots: readonly {
    readonly root: string
    readonly recomputed: string | null
    readonly same: boolean
  }[]
}

/** How an audit ended. */
export interface AuditOutcome {
  readonly runtime: 'node' | 'bun'
  readonly segments: string
  readonly exitCode: number | null
  readonly same: boolean
  readonly roots: readonly string[]
  readonly reports: number
}

const bun = fileURLToPath(new URL('../../../node_modules/.bin/bun', import.meta.url))

async function audit(
  home: string,
  runtime: 'node' | 'bun',
  segments: string,
  args: readonly string[],
): Promise<AuditOutcome> {
  const { exitCode, value, stderr } = await runCairn<AuditResult | undefined>({
    home,
    args: ['audit', ...args],
    ...(runtime === 'bun' ? { runtime: bun } : {}),
  })
  if (value === undefined) throw new Error(`cairn audit under ${runtime} printed no result: ${stderr}`)
  const roots = value.roots.filter(({ same }) => same).map(({ root }) => root)
  return { runtime, segments, exitCode, same: value.same, roots, reports: value.reports }
}

/** Audits in fresh processes: segments from the ingest under Node, the copy that left behind under Bun, and that copy with one byte altered. */
export async function runAudits(home: string, mirror: string): Promise<AuditOutcome[]> {
  const fetched = await audit(home, 'node', 'fetched from the ingest', ['--mirror', mirror])
  const kept = await audit(home, 'bun', 'the copy of the first audit', ['--mirror', mirror, '--offline'])
  await alterOneByte(join(mirror, 'segments'))
  const altered = await audit(home, 'node', 'the copy with one byte altered', [
    ...['--mirror', mirror, '--offline'],
  ])
  return [fetched, kept, altered]
}

/** Inverts the lowest bit of the byte in the middle of the largest segment. */
async function alterOneByte(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const sizes = await Promise.all(files.map(async (path) => ({ path, size: (await stat(path)).size })))
  const { path } = sizes.reduce((largest, file) => (file.size > largest.size ? file : largest))
  const bytes = await readFile(path)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(path, bytes)
}
