import { readFile } from 'node:fs/promises'
import { NotMeasuredError } from './row.ts'

const folder = new URL('../../contracts/snapshots/', import.meta.url)

/**
 * A figure of contracts/snapshots, where `forge test` keeps what whole transactions cost: 21 000, calldata and its floor, cold slots.
 *
 * @throws NotMeasuredError when the file or the figure is not there
 */
export async function readGas(file: string, name: string): Promise<number> {
  const gas = (await readSnapshot(file))[name]
  if (gas !== undefined) return gas
  throw new NotMeasuredError(
    `contracts/snapshots/${file} has no figure "${name}".`,
    'Run `npm run contracts:test`; where it still is not there, its test has another name now: change the row.',
  )
}

/** All figures of a snapshot file, in gas. */
export async function readSnapshot(file: string): Promise<Readonly<Record<string, number>>> {
  let text: string
  try {
    text = await readFile(new URL(file, folder), 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause
    throw new NotMeasuredError(
      `There is no contracts/snapshots/${file}.`,
      'Run `npm run contracts:test`, which writes it.',
    )
  }
  const figures = Object.entries(JSON.parse(text) as Record<string, string>)
  return Object.fromEntries(figures.map(([name, gas]) => [name, Number(gas)]))
}
