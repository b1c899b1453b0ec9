import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** What `npm start` prints when everything runs, and when a root has become final that paid somebody. */
export const LINES = { ready: /^ready in /, paid: /final: (?!0 )[\d.]+.* released to the vault/ } as const

export const startCommand = (...options: readonly string[]): string =>
  ['CAIRN_HOME=$(mktemp -d) npm start', ...(options.length > 0 ? ['--', ...options] : [])].join(' ')

/** `npm start` in a home of its own, in a process group of its own. */
export interface LocalNetworkRun {
  /** Seconds from the start until a line matches. Rejects when that takes longer, or the program ends. */
  secondsTo(line: RegExp, limitSeconds: number): Promise<number>
  /** Resident memory of each process of the network, by its command line. */
  residentMb(): Promise<Record<string, number>>
  stop(): Promise<void>
}

export async function startLocalNetwork(...options: readonly string[]): Promise<LocalNetworkRun> {
  const home = await mkdtemp(join(tmpdir(), 'cairn-bench-'))
  const start = performance.now()
  const seen: { line: string; seconds: number }[] = []
  const child = spawn('npm', ['start', ...(options.length > 0 ? ['--', ...options] : [])], {
    cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    env: { ...process.env, CAIRN_HOME: home, NO_COLOR: '1' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const changed = new EventTarget()
  const note = (line: string) => {
    seen.push({ line, seconds: (performance.now() - start) / 1000 })
    changed.dispatchEvent(new Event('line'))
  }
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', note)

  return {
    async secondsTo(line, limitSeconds) {
      const limit = AbortSignal.timeout(1000 * limitSeconds)
      const exit = ended.then(([code]) => `it ended with code ${code}`)
      for (;;) {
        const found = seen.find((entry) => line.test(entry.line))
        if (found !== undefined) return found.seconds
        const problem = await Promise.race([
          once(changed, 'line').then(() => undefined),
          once(limit, 'abort').then(() => `not within ${limitSeconds} s`),
          exit,
        ])
        if (problem !== undefined) {
          const last = seen.slice(-5).map((entry) => entry.line)
          throw new Error(`npm start printed no line ${line}: ${problem}. Last lines: ${last.join(' | ')}`)
        }
      }
    },
    residentMb: () => residentOfGroup(child.pid!),
    async stop() {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT')
      const late = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 15_000)
      await ended
      clearTimeout(late)
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** From /proc of Linux: field 5 of stat is the process group, VmRSS of status the resident memory. */
async function residentOfGroup(group: number): Promise<Record<string, number>> {
  const resident: Record<string, number> = {}
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1')
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) !== group) continue
      const status = await readFile(`/proc/${pid}/status`, 'latin1')
      const command = (await readFile(`/proc/${pid}/cmdline`, 'latin1')).replaceAll('\0', ' ').trim()
      resident[`${command.slice(-60)} (${pid})`] = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000
    } catch {
      // The process ended between the listing and the reading.
    }
  }
  return resident
}
