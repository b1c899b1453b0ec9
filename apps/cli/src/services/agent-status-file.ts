import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Agent, AgentStatus } from '@cairn/agent'
import { BaseError } from '@cairn/protocol'
import { isMissing, type Logger, writeAtomic } from '@cairn/runtime'

/** What `cairn agent run` leaves for `cairn agent status`. */
export interface AgentStatusFile {
  /** When it was written, Unix ms. */
  readonly atMs: number
  /** False once the agent has stopped. */
  readonly isRunning: boolean
  readonly status: AgentStatus
}

/** No agent has run here; code `no_agent`. */
class NoAgentError extends BaseError {}

const everyMs = 2000
const pathIn = (dataDir: string): string => join(dataDir, 'status.json')

/** Writes the agent's status beside its data every two seconds; `stop` writes it a last time. */
export function keepAgentStatus(
  agent: Agent,
  { dataDir, log }: { dataDir: string; log: Logger },
): { stop(): Promise<void> } {
  const write = async (isRunning: boolean): Promise<void> => {
    const file: AgentStatusFile = { atMs: Date.now(), isRunning, status: agent.status() }
    await writeAtomic(pathIn(dataDir), `${JSON.stringify(file, null, 2)}\n`).catch((err) =>
      log.warn({ err }, 'the status can not be written'),
    )
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
export async function readAgentStatus(dataDir: string): Promise<AgentStatusFile> {
  try {
    return JSON.parse(await readFile(pathIn(dataDir), 'utf8')) as AgentStatusFile
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
