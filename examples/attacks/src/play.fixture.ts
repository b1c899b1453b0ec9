import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

/** How long a story may take on a busy machine. */
export const WITHIN_MS = 600_000
/** What each actor of a stage has at stake. */
export const BOND = 1000n * 10n ** 18n

/** `Outcome` as the command prints it: amounts are strings. */
export interface Printed {
  readonly falseRoot: { readonly root: string; readonly state: string } | null
  readonly challenge: { readonly kind: number; readonly transaction: string; readonly winner: string } | null
  readonly disputes: readonly { readonly kind: number; readonly tree: string; readonly state: string }[]
  readonly bonds: readonly { readonly before: string; readonly after: string }[]
  readonly collected: string | null
  readonly finalRoot: string | null
  readonly honestRoot: string | null
  readonly paid: string
}

/** Runs the command of an attack in a process of its own. */
export async function play(...args: string[]): Promise<Printed> {
  const child = spawn(process.execPath, [main, ...args, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args.join(' ')} ended with code ${code}:\n${stderr}`)
  return JSON.parse(stdout) as Printed
}

/** Whether the watcher got its third of so many bonds that were slashed, each rounded down. */
export function isThirdOf(bonds: bigint, collected: string | null): boolean {
  const off = BigInt(collected ?? 0) - (bonds * BOND) / 3n
  return off >= -3n && off <= 3n
}
