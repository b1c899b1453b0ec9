import { parseArgs } from 'node:util'
import { TRACE_FILES, type TraceFile } from './read-trace.ts'

export interface Args {
  readonly data: string
  readonly files: readonly TraceFile[]
  readonly limit: number
  readonly seconds: number
  readonly keep: boolean
  readonly json: boolean
}

export const USAGE = `node examples/lora-replay/src/main.ts [options]

  --data <folder>     where the recorded traces are; ../shared/data/wireless beside the repository when left out
  --files <a,b>       which of them, by the beginning of their names
  --limit <count>     play so many uplinks only, the first of each file
  --seconds <number>  how long the recording is played, 10 to 600; default 60
  --keep              leave keys, state and logs behind, and say where
  --json              print everything that was found out as JSON, and nothing else, on standard output`

/** @throws Error naming the option that is wrong */
export function parseArguments(argv: readonly string[], defaultData: string): Args {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: 'string', default: defaultData },
      files: { type: 'string' },
      limit: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const { data, keep, json } = values
  return {
    data,
    files: values.files === undefined ? TRACE_FILES : values.files.split(',').map(fileNamed),
    limit: values.limit === undefined ? Number.MAX_SAFE_INTEGER : wholeNumber('limit', values.limit, 1, 1e9),
    seconds: wholeNumber('seconds', values.seconds, 10, 600),
    keep,
    json,
  }
}

function fileNamed(name: string): TraceFile {
  const file = TRACE_FILES.find((known) => name !== '' && known.name.startsWith(name))
  if (file !== undefined) return file
  throw new Error(
    `There is no trace "${name}"; there are ${TRACE_FILES.map((known) => known.name).join(', ')}.`,
  )
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`--${option} is "${text}"; expected a whole number from ${least} to ${most}.`)
}
