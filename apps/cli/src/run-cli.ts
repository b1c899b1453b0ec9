import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { BaseError, type Sector } from '@cairn/protocol'
import { Command, CommanderError } from 'commander'
import type { Cli, Gateways, Operators, Register, Tools } from './command.ts'
import { createOutput } from './output/output.ts'

export interface CliOptions {
  readonly commands: readonly Register[]
  readonly sectors: ReadonlyMap<string, Sector>
  readonly gateways: Gateways
  readonly operators: Operators
  readonly tools: Tools
  readonly argv: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** Exit codes, as `cairn --help` lists them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, differs: 3 } as const

/** A command has found what it was asked to look for, and the answer is no: its output said so, only the exit code is missing. */
export class Negative extends Error {
  readonly exitCode: number
  constructor(exitCode: number = EXIT.differs) {
    super('negative')
    this.exitCode = exitCode
  }
}

/** Runs one command line and returns its exit code. Nothing is thrown. */
export async function runCli({ commands, argv, env, ...given }: CliOptions): Promise<number> {
  const program = createProgram()
  const stop = new AbortController()
  const onSignal = () => stop.abort()
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)
  let exitCode: number = EXIT.ok
  const act =
    <Args extends unknown[]>(action: (cli: Cli, ...args: Args) => Promise<void>) =>
    async (...args: Args) => {
      const { json, home, network } = program.opts<{ json: boolean; home?: string; network: string }>()
      const output = createOutput({ json, stdout: process.stdout, stderr: process.stderr })
      try {
        await action(
          {
            ...given,
            env,
            output,
            home: resolve(home ?? defaultHome(env)),
            networkName: network,
            signal: stop.signal,
          },
          ...args,
        )
      } catch (error) {
        if (error instanceof Negative) exitCode = error.exitCode
        else if (stop.signal.aborted && isAbort(error)) exitCode = EXIT.ok
        else {
          output.error(error)
          exitCode = EXIT.failed
        }
      }
    }
  for (const register of commands) register(program, act)
  try {
    await program.parseAsync([...argv])
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  return exitCode
}

function createProgram(): Command {
  return new Command('cairn')
    .description('Launch, run and audit networks of physical infrastructure.')
    .version(version(), '-V, --version', 'print the version')
    .option('--json', 'print results as JSON, and nothing else, on standard output', false)
    .option(
      '--home <folder>',
      'where networks, keys and state are kept (CAIRN_HOME; ./.cairn if there is one, else ~/.cairn)',
    )
    .option('--network <name>', 'the network to speak to', 'local')
    .exitOverride()
    .showHelpAfterError('Run with --help for the options and examples.')
    .addHelpText('after', HELP)
}

const HELP = `
Examples:
  cairn up                              a local network with everything on it
  cairn epoch list                      what became of the last epochs
  cairn rewards explain 0               why device 0 was paid, or not, and for what
  cairn audit                           recompute every root from public data

Exit codes: 0 done, 1 failed, 2 the command line is wrong, 3 an audit or check found a difference.`

function version(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}

function defaultHome(env: NodeJS.ProcessEnv): string {
  if (env.CAIRN_HOME !== undefined) return env.CAIRN_HOME
  return existsSync('.cairn') ? '.cairn' : join(homedir(), '.cairn')
}

function isAbort(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'AbortError' || (error instanceof BaseError && error.code === 'aborted'))
  )
}
