import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BaseError } from '@cairn/protocol'
import { isMissing, type Logger, writeAtomic } from '@cairn/runtime'

/** What `cairn agent run` leaves for `cairn agent status`. */
export interface StatusFile<Status> {
  /** When it was written, Unix ms. */
  readonly atMs: number
  /** False once the agent has stopped. */
  readonly isRunning: boolean
  readonly status: Status
}

/** No agent has run here; code `no_agent`. */
class NoAgentError extends BaseError {}

const everyMs = 2000
const pathIn = (dataDir: string): string => join(dataDir, 'status.json')

/** Writes a status beside an agent's data every two seconds; `stop` writes it a last time, and is called while it can be asked still. */
export function keepStatusFile(
  readStatus: () => object | Promise<object>,
  { dataDir, log }: { readonly dataDir: string; readonly log: Logger },
): { stop(): Promise<void> } {
  const write = async (isRunning: boolean): Promise<void> => {
    try {
      const file: StatusFile<object> = { atMs: Date.now(), isRunning, status: await readStatus() }
      await writeAtomic(pathIn(dataDir), `${JSON.stringify(file, null, 2)}\n`)
    } catch (err) {
      log.warn({ err }, 'the status can not be written')
    }
  }
  let writing = write(true)
  const timer = setInterval(() => {
    writing = writing.then(() => write(true))
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await writing
      await write(false)
    },
  }
}

/** @throws NoAgentError */
export async function readStatusFile<Status>(dataDir: string): Promise<StatusFile<Status>> {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as StatusFile<Status>
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new NoAgentError({
      code: 'no_agent',
      field: 'data',
      value: dataDir,
      message: `No agent has written a status in ${dataDir}.`,
      fix: 'Start one with `cairn agent run`, or name the folder of its data with --data.',
    })
  }
}
