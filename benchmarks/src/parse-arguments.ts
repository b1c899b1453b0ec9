import { parseArgs } from 'node:util'
import { BaseError } from '@cairn/protocol'
import type { Row } from './row.ts'

/** What `npm run bench -- …` was asked for. */
export interface BenchArguments {
  readonly rows: readonly Row[]
  readonly json: boolean
  readonly list: boolean
  readonly full: boolean
  readonly strict: boolean
}

/** Arguments that make no sense. Codes: `unknown_row`, `unknown_option`. */
export class BenchArgumentsError extends BaseError {
  override readonly name = 'BenchArgumentsError'
}

const options = {
  json: { type: 'boolean' },
  list: { type: 'boolean' },
  full: { type: 'boolean' },
  strict: { type: 'boolean' },
} as const

/**
 * `[name…] [--json] [--list] [--full] [--strict]`. A name picks the row of that name; where there is none, the rows whose names begin with it and a hyphen: `ingest` picks `ingest-reports`.
 *
 * @throws BenchArgumentsError
 */
export function parseArguments(argv: readonly string[], all: readonly Row[]): BenchArguments {
  const { values, positionals } = parse(argv)
  const { json = false, list = false, full = false, strict = false } = values
  const picked = new Set(positionals.flatMap((name) => rowsOf(name, all)))
  const rows = positionals.length === 0 ? all : all.filter((row) => picked.has(row))
  return { rows, json, list, full, strict }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (cause) {
    throw new BenchArgumentsError({
      code: 'unknown_option',
      message: cause instanceof Error ? cause.message : String(cause),
      fix: 'Use `npm run bench -- [name…] [--json] [--list] [--full] [--strict]`.',
      cause,
    })
  }
}

function rowsOf(name: string, all: readonly Row[]): Row[] {
  const exact = all.find((row) => row.name === name)
  if (exact !== undefined) return [exact]
  const family = all.filter((row) => row.name.startsWith(`${name}-`))
  if (family.length > 0) return family
  throw new BenchArgumentsError({
    code: 'unknown_row',
    field: 'name',
    value: name,
    message: `There is no benchmark "${name}".`,
    fix: `Pick from: ${all.map((row) => row.name).join(', ')}.`,
  })
}
