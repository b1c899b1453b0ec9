import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { NotMeasuredError } from '../row.ts'

const run = promisify(execFile)

export const opensslArguments = (seconds: number): string[] => {
  return ['speed', '-seconds', `${seconds}`, '-mr', 'ecdsap256']
}

/** How the peer is named where its figures are printed. */
export const opensslCommand = (seconds: number): string => `openssl ${opensslArguments(seconds).join(' ')}`

/**
 * P-256 verifications per second of CPU time, summed over two processes of `openssl speed` that run at once: `-multi 2`, which counts by the clock and so depends on what else the machine
 * does.
 */
export async function opensslVerifyRate(seconds: number): Promise<number> {
  const outputs = await Promise.all([speed(seconds), speed(seconds)])
  return outputs.reduce((sum, output) => sum + parseVerifyRate(output), 0)
}

async function speed(seconds: number): Promise<string> {
  try {
    return (await run('openssl', opensslArguments(seconds))).stdout
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new NotMeasuredError(
      'There is no `openssl` on the PATH to compare with.',
      'Install it: `apt-get install openssl`, or `brew install openssl`.',
    )
  }
}

/** The last line is `+F4:n:bits:signs:verifies`, a second of CPU time (apps/speed.c of OpenSSL, `-mr`). */
export function parseVerifyRate(output: string): number {
  const line = output
    .split('\n')
    .filter((text) => text.startsWith('+F4:'))
    .at(-1)
  const rate = Number(line?.split(':')[4])
  if (Number.isFinite(rate) && rate > 0) return rate
  throw new NotMeasuredError(
    `openssl speed printed no verify rate, but: ${output.slice(-200)}`,
    'Use OpenSSL 1.1.1 or later.',
  )
}
