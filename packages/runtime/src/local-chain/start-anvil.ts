import { type ChildProcess, spawn } from 'node:child_process'
import { BaseError } from '@cairn/protocol'
import { type Clock, systemClock } from '../clock.ts'
import type { Logger } from '../log/create-logger.ts'
import { findAnvil } from './anvil-binary.ts'
import { findChainState, saveChainState } from './chain-state.ts'
import { callRpc } from './json-rpc.ts'
import { clearOccupant, endOrphan, noteOccupant } from './orphan.ts'
import { freePort, isPortOpen } from './port.ts'

/** How the local chain runs. */
export interface AnvilOptions {
  /** Default: a free one. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** Where the chain is kept between runs; without it the chain ends with the process. */
  stateFile?: string
  /** Default 2 000, and at least 20 times what the last save took, up to 8 000. What is younger is lost by a kill, which services see as a reorg. */
  saveEveryMs?: number
  /** Seconds between blocks; without it, a block for each transaction. */
  blockTime?: number
  /** Default `osaka`, the first with P-256 at 0x100. */
  hardfork?: string
  /** Default 1, so that `finalized` is two blocks behind the head and not 64. */
  slotsInAnEpoch?: number
  /** Default 31337. */
  chainId?: number
  /** Funded accounts. Default 10. */
  accounts?: number
  mnemonic?: string
  gasLimit?: number
  /** How long the chain may take to answer, in ms. Default 20 000. */
  startTimeoutMs?: number
  clock?: Clock
  log?: Logger
  signal?: AbortSignal
}

/** A chain that runs on this machine. */
export interface LocalChain {
  url: string
  port: number
  pid: number
  /** Whether it answers. */
  isHealthy(): Promise<boolean>
  /** Saves its state now; nothing without a state file. */
  save(): Promise<void>
  /** Saves, ends the process, and returns only when the port is closed. */
  stop(): Promise<void>
  /** Ends it at once without saving, as a power cut would. For tests. */
  kill(): Promise<void>
  /** Resolves when the process is gone, whoever ended it. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** The local chain did not start or did not stop. Codes: `port_taken`, `anvil_failed`, `anvil_stuck`. */
export class AnvilError extends BaseError {
  override readonly name = 'AnvilError'
}

/** Starts the native anvil, with the saved state if there is one, and waits until it answers. */
export async function startAnvil(options: AnvilOptions = {}): Promise<LocalChain> {
  const { host = '127.0.0.1', stateFile, saveEveryMs = 2_000, log, clock = systemClock(), signal } = options
  if (stateFile !== undefined) {
    const orphan = await endOrphan(stateFile, clock)
    if (orphan !== undefined)
      log?.warn({ pid: orphan }, 'ended a local chain that an earlier run left behind')
  }
  const port = options.port ?? (await freePort(host))
  if (await isPortOpen(port, host)) throw portTaken(port)
  const saved = stateFile === undefined ? undefined : await findChainState(stateFile)
  if (saved?.passedOver !== undefined)
    log?.warn({ err: saved.passedOver, path: saved.path }, 'saved chain damaged; using the one before')

  const child = spawn(findAnvil(), toArguments(options, { host, port, loadPath: saved?.path }), {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = followExit(child)
  const complaints = keepLast(child, 4_000)
  const url = `http://${host}:${port}`
  const ending = new AbortController()
  const isHealthy = () =>
    callRpc(url, 'eth_chainId', [], 2_000).then(
      () => true,
      () => false,
    )
  const kill = () => end(child, exited, 'SIGKILL', { port, host, clock })
  try {
    await untilHealthy({
      isHealthy,
      exited,
      complaints,
      clock,
      signal,
      timeoutMs: options.startTimeoutMs ?? 20_000,
    })
    if (stateFile !== undefined) await noteOccupant(stateFile, { pid: child.pid!, port, host })
  } catch (error) {
    await kill()
    throw error
  }

  const save = serialised(async () => {
    if (stateFile !== undefined) await saveChainState(url, stateFile)
  })
  const saving =
    stateFile === undefined ? Promise.resolve() : saveRepeatedly(save, saveEveryMs, clock, ending.signal, log)
  exited.then(() => ending.abort())
  let stopping: Promise<void> | undefined
  const stop = async () => {
    ending.abort()
    await saving
    if (child.exitCode === null && child.signalCode === null) {
      await save().catch((error) =>
        log?.error({ err: error }, 'the local chain could not be saved; the last saved state stays'),
      )
    }
    await end(child, exited, 'SIGTERM', { port, host, clock })
    if (stateFile !== undefined) await clearOccupant(stateFile)
  }
  return {
    url,
    port,
    pid: child.pid!,
    isHealthy,
    save,
    exited,
    kill: async () => {
      ending.abort()
      await kill()
    },
    stop: () => {
      stopping ??= stop()
      return stopping
    },
  }
}

function toArguments(
  options: AnvilOptions,
  { host, port, loadPath }: { host: string; port: number; loadPath: string | undefined },
): string[] {
  const {
    blockTime,
    hardfork = 'osaka',
    slotsInAnEpoch = 1,
    chainId = 31_337,
    accounts = 10,
    mnemonic,
    gasLimit,
  } = options
  const given: [string, string | number | undefined][] = [
    ['--host', host],
    ['--port', port],
    ['--hardfork', hardfork],
    ['--slots-in-an-epoch', slotsInAnEpoch],
    ['--chain-id', chainId],
    ['--accounts', accounts],
    ['--mnemonic', mnemonic],
    ['--block-time', blockTime],
    ['--gas-limit', gasLimit],
    ['--load-state', loadPath],
  ]
  // Interval mining alone would leave a transaction waiting for the block; that is what a real chain does.
  return ['--silent', ...given.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]))]
}

function followExit(child: ChildProcess): LocalChain['exited'] {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
}

/** The end of what a process wrote to standard error. */
function keepLast(child: ChildProcess, characters: number): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk) => {
    text = (text + chunk).slice(-characters)
  })
  return () => text.trim()
}

interface Wait {
  isHealthy: () => Promise<boolean>
  exited: LocalChain['exited']
  complaints: () => string
  clock: Clock
  signal: AbortSignal | undefined
  timeoutMs: number
}

async function untilHealthy({
  isHealthy,
  exited,
  complaints,
  clock,
  signal,
  timeoutMs,
}: Wait): Promise<void> {
  const until = clock.now() + timeoutMs
  let gone: Awaited<LocalChain['exited']> | undefined
  exited.then((end) => {
    gone = end
  })
  while (!(await isHealthy())) {
    if (gone !== undefined || clock.now() > until) {
      throw new AnvilError({
        code: 'anvil_failed',
        message: `The local chain ${gone === undefined ? `did not answer within ${timeoutMs} ms` : `ended with code ${gone.code}`}. It wrote: ${complaints() || 'nothing'}.`,
        fix: 'Mend what it complains of. If it is the saved state, restore it or remove it to begin a new chain.',
      })
    }
    await clock.sleep(20, signal)
  }
}

/** A dump holds the whole history and stops the chain meanwhile: as it grows, it may take a twentieth of the time. */
const pausePerSave = 20
/** What a kill loses has to come again while services can still send it: longer pauses would cost evidence, shorter ones only time. */
const longestPauseMs = 8_000

async function saveRepeatedly(
  save: () => Promise<void>,
  everyMs: number,
  clock: Clock,
  signal: AbortSignal,
  log: Logger | undefined,
): Promise<void> {
  let pauseMs = everyMs
  while (!signal.aborted) {
    await clock.sleep(pauseMs, signal).catch(() => {})
    if (signal.aborted) return
    const startedMs = clock.now()
    await save().catch((error) => log?.error({ err: error }, 'the local chain could not be saved'))
    pauseMs = Math.max(everyMs, Math.min(longestPauseMs, pausePerSave * (clock.now() - startedMs)))
  }
}

/** Runs one at a time; whoever asks while one runs gets one that begins after. */
function serialised(task: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve()
  return () => {
    const next = last.catch(() => {}).then(task)
    last = next
    return next
  }
}

async function end(
  child: ChildProcess,
  exited: LocalChain['exited'],
  signal: 'SIGTERM' | 'SIGKILL',
  { port, host, clock }: { port: number; host: string; clock: Clock },
): Promise<void> {
  child.kill(signal)
  const forced = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await exited
  clearTimeout(forced)
  for (let i = 0; i < 100; i += 1) {
    if (!(await isPortOpen(port, host))) return
    await clock.sleep(20)
  }
  throw new AnvilError({
    code: 'anvil_stuck',
    message: `The local chain with process id ${child.pid} ended, but port ${port} still accepts connections.`,
    field: 'port',
    value: String(port),
    fix: 'Find the program that listens there and stop it.',
  })
}

function portTaken(port: number): AnvilError {
  return new AnvilError({
    code: 'port_taken',
    message: `Something listens on port ${port} already.`,
    field: 'port',
    value: String(port),
    fix: 'Stop that program, or choose another port.',
  })
}
