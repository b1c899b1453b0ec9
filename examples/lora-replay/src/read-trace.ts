import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseChirpstackLine } from './chirpstack-line.ts'
import { parseHeliumLine } from './helium-line.ts'
import { TraceError } from './trace-error.ts'
import type { TraceLine, Uplink } from './uplink.ts'

export { TraceError } from './trace-error.ts'
export type { Reception, TraceLine, Uplink } from './uplink.ts'

/** A recorded trace: newline-delimited JSON, gzipped. */
export type TraceFile = { readonly name: string; readonly format: 'helium' | 'chirpstack' }

/** The traces that the replay uses, from CampusIoT/datasets (ODbL-1.0); they are no part of the repository. */
export const TRACE_FILES: readonly TraceFile[] = [
  { name: 'helium-field-tester.ndjson.gz', format: 'helium' },
  { name: 'helium-ems-sensor.ndjson.gz', format: 'helium' },
  { name: 'sainteynard-033.ndjson.gz', format: 'chirpstack' },
]

/** The longest line of the traces has 6448 characters. */
const MAX_LINE_CHARS = 65_536

const PARSERS = { helium: parseHeliumLine, chirpstack: parseChirpstackLine }

const parseLine = (file: TraceFile, number: number, text: string): TraceLine => {
  if (text.length > MAX_LINE_CHARS)
    throw new TraceError(file.name, number, `it has ${text.length} characters, more than ${MAX_LINE_CHARS}.`)
  try {
    return PARSERS[file.format](JSON.parse(text))
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause)
    throw new TraceError(file.name, number, `${problem.slice(0, 400)}.`, { cause })
  }
}

/**
 * Streams every line of a trace, uplinks and status messages, in the order recorded. Memory is bounded by a line, not
 * by the file. Throws {@link TraceError} on a line of another form, and the file system's or gunzip's error otherwise.
 */
export async function* readTrace(
  folder: string,
  file: TraceFile,
): AsyncGenerator<TraceLine, void, undefined> {
  // readline ends quietly when its input fails, so the failure is kept and thrown after the last line.
  let failure: Error | null | undefined
  const text = pipeline(createReadStream(join(folder, file.name)), createGunzip(), (error) => {
    failure = error
  })
  let number = 0
  for await (const line of createInterface({ input: text, crlfDelay: Infinity }))
    yield parseLine(file, ++number, line)
  if (failure) throw failure
}

/** What passed by while uplinks were read. */
export type TraceCounts = { lines: number; uplinks: number; receptions: number; statuses: number }

/** Streams the uplinks of several traces, one file after another; status messages are only counted, into `counts`. */
export async function* readUplinks(
  folder: string,
  files: readonly TraceFile[],
  counts: TraceCounts = { lines: 0, uplinks: 0, receptions: 0, statuses: 0 },
): AsyncGenerator<Uplink, void, undefined> {
  for (const file of files)
    for await (const line of readTrace(folder, file)) {
      counts.lines++
      if (line.kind === 'status') {
        counts.statuses++
        continue
      }
      counts.uplinks++
      counts.receptions += line.uplink.receptions.length
      yield line.uplink
    }
}
