import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const cli = join(repository, 'apps/cli/src/main.ts')

/** A `cairn` command as an operating-system process of its own. */
export interface CairnProcess {
  readonly name: string
  readonly pid: number
  /** What it printed as JSON when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>
  /** Standard error: the service's log. */
  readonly logPath: string
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>
  /** Ends it at once, as a power cut would, and waits until the process is gone. */
  kill(): Promise<void>
  readonly exited: Promise<number | null>
}

export interface CairnProcessOptions {
  /** CAIRN_HOME of the network. */
  readonly home: string
  /** Name of the process in logs; several may run the same command. */
  readonly name: string
  /** As on the command line: `['verifier', 'run', '--account', 'verifier-1']`. */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** How long it may take to be ready. Default 60 000 ms. */
  readonly readyWithinMs?: number
  /** Runs the command under another program: Bun. Default: this Node. */
  readonly runtime?: string
}

/** Starts a `cairn` service and waits until it says that it is ready. */
export async function startCairn({
  home,
  name,
  args,
  env,
  readyWithinMs = 60_000,
  runtime,
}: CairnProcessOptions): Promise<CairnProcess> {
  const logPath = join(home, 'logs', `${name}.log`)
  mkdirSync(join(home, 'logs'), { recursive: true })
  const child = spawnCli({ home, args, env, runtime })
  child.stderr!.pipe(createWriteStream(logPath, { flags: 'a' }))
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const ready = await firstJson(child, exited, { name, logPath, readyWithinMs })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  return {
    name,
    pid: child.pid!,
    ready,
    logPath,
    exited,
    stop: () => end('SIGINT'),
    kill: () => end('SIGKILL'),
  }
}

/** What a `cairn` command printed, parsed, and how it ended. */
export interface CairnResult<T> {
  readonly exitCode: number | null
  readonly value: T
  readonly stderr: string
}

/** Runs a `cairn` command with `--json` to its end. */
export async function runCairn<T = unknown>({
  home,
  args,
  env,
  runtime,
}: Pick<CairnProcessOptions, 'home' | 'args' | 'env' | 'runtime'>): Promise<CairnResult<T>> {
  const child = spawnCli({ home, args, env, runtime })
  let stdout = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  return { exitCode, value: (stdout === '' ? undefined : JSON.parse(stdout)) as T, stderr }
}

function spawnCli({
  home,
  args,
  env,
  runtime = process.execPath,
}: Pick<CairnProcessOptions, 'home' | 'args'> & {
  env: CairnProcessOptions['env'] | undefined
  runtime: string | undefined
}): ChildProcess {
  return spawn(runtime, [cli, '--json', '--home', home, ...args], {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

interface Waiting {
  readonly name: string
  readonly logPath: string
  readonly readyWithinMs: number
}

function firstJson(
  child: ChildProcess,
  exited: Promise<number | null>,
  { name, logPath, readyWithinMs }: Waiting,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    let stdout = ''
    const fail = (what: string) => {
      child.kill('SIGKILL')
      reject(new Error(`${name} ${what}; its log is ${logPath}`))
    }
    const timer = setTimeout(() => fail(`was not ready within ${readyWithinMs} ms`), readyWithinMs)
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      try {
        const value = JSON.parse(stdout) as Record<string, unknown>
        clearTimeout(timer)
        resolve(value)
      } catch {
        // Not whole yet.
      }
    })
    void exited.then((code) => {
      clearTimeout(timer)
      reject(new Error(`${name} ended with code ${code} before it was ready; its log is ${logPath}`))
    })
  })
}
