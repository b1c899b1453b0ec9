import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { NotMeasuredError } from '../row.ts'

const run = promisify(execFile)

/** The fastest package at 29/80 of those on npm that can do it: it and two of its kind are within a tenth, others slower or limited to fewer rows. */
export const npmErasurePackage = '@subspace/reed-solomon-erasure.wasm@0.2.5'

interface Package {
  readonly ReedSolomonErasure: {
    fromCurrentDirectory(): Promise<{
      /** All rows in one array, parity last; 0 where it went well. */
      encode(rows: Uint8Array, dataRows: number, parityRows: number): number
    }>
  }
}

/**
 * The package's encoder, installed for a run in a folder of its own: nothing else in Cairn needs it.
 *
 * @throws NotMeasuredError where npm can not install it
 */
export async function openNpmErasure(): Promise<
  (rows: Uint8Array, dataRows: number, parityRows: number) => void
> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-npm-erasure-'))
  try {
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, npmErasurePackage])
    const name = npmErasurePackage.slice(0, npmErasurePackage.lastIndexOf('@'))
    const { ReedSolomonErasure } = createRequire(join(folder, 'from.js'))(name) as Package
    const coder = await ReedSolomonErasure.fromCurrentDirectory()
    return (rows, dataRows, parityRows) => {
      const result = coder.encode(rows, dataRows, parityRows)
      if (result !== 0) throw new Error(`${npmErasurePackage} answered ${result}.`)
    }
  } catch (error) {
    throw new NotMeasuredError(
      `${npmErasurePackage} could not be installed: ${error instanceof Error ? error.message : String(error)}`,
      'Run where the npm registry is in reach.',
    )
  } finally {
    await rm(folder, { recursive: true })
  }
}
