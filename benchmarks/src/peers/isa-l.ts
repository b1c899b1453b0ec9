import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { NotMeasuredError } from '../row.ts'

const run = promisify(execFile)

const source = fileURLToPath(new URL('./isa-l.c', import.meta.url))

/** What of a code a driver works on: `lost` data rows are made out of the others, or parity of all where it is 0. */
export interface IsaLWork {
  readonly dataRows: number
  readonly rows: number
  readonly rowBytes: number
  readonly lost: number
}

/** ISA-L, compiled for a run. */
export interface IsaL {
  /** MB of data per second of CPU time. */
  readonly speed: (work: IsaLWork, seconds: number) => Promise<number>
  /** The parity rows of data rows, all in one. */
  readonly encode: (work: IsaLWork, data: Uint8Array) => Promise<Uint8Array>
  readonly close: () => Promise<void>
}

/** How the peer is named where its figures are printed. */
export const isaLCommand = ({ dataRows, rows, rowBytes, lost }: IsaLWork, seconds: number): string =>
  `gcc -O2 -o isa-l benchmarks/src/peers/isa-l.c -lisal && ./isa-l speed ${dataRows} ${rows} ${rowBytes} ${lost} ${seconds}`

/** @throws NotMeasuredError where there is no compiler or no ISA-L to compile with */
export async function compileIsaL(): Promise<IsaL> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-isa-l-'))
  const program = join(folder, 'isa-l')
  try {
    await run('gcc', ['-O2', '-o', program, source, '-lisal'])
  } catch (error) {
    await rm(folder, { recursive: true })
    throw new NotMeasuredError(
      `The peer did not compile: ${error instanceof Error ? error.message : String(error)}`,
      'Install a C compiler and ISA-L: `apt-get install gcc libc6-dev libisal-dev`.',
    )
  }
  const words = ({ dataRows, rows, rowBytes, lost }: IsaLWork) => [dataRows, rows, rowBytes, lost].map(String)
  return {
    speed: async (work, seconds) =>
      Number((await run(program, ['speed', ...words(work), `${seconds}`])).stdout),
    encode: (work, data) => pipe(program, ['rows', ...words(work)], data),
    close: () => rm(folder, { recursive: true }),
  }
}

const pipe = (program: string, words: readonly string[], input: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(Buffer.concat(parts)) : reject(new Error(`${program} ended with ${code}`)),
    )
    child.stdin.end(input)
  })
