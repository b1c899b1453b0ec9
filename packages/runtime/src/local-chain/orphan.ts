import { readFile, rm } from 'node:fs/promises'
import type { Clock } from '../clock.ts'
import { isMissing, writeAtomic } from '../files/write-atomic.ts'
import { saveChainState } from './chain-state.ts'
import { isPortOpen } from './port.ts'

/** Which process serves the chain of a state file, so that the next start can end what a kill left behind. */
interface Occupant {
  pid: number
  port: number
  host: string
}

const pathOf = (stateFile: string) => `${stateFile}.pid`

/** Notes who serves the chain. */
export async function noteOccupant(stateFile: string, occupant: Occupant): Promise<void> {
  await writeAtomic(pathOf(stateFile), JSON.stringify(occupant))
}

/** Takes the note away. */
export async function clearOccupant(stateFile: string): Promise<void> {
  await rm(pathOf(stateFile), { force: true })
}

/**
 * Ends a chain whose parent was killed: saves what it knows, then stops it. Does nothing where the noted process is gone or is
 * some other program by now.
 *
 * @returns the process id that was ended
 */
export async function endOrphan(stateFile: string, clock: Clock): Promise<number | undefined> {
  const occupant = await readOccupant(stateFile)
  if (occupant === undefined) return undefined
  const { pid, port, host } = occupant
  if (!(await isAnvil(pid))) {
    await clearOccupant(stateFile)
    return undefined
  }
  await saveChainState(`http://${host}:${port}`, stateFile).catch(() => {})
  kill(pid, 'SIGTERM')
  for (let i = 0; i < 100 && (await isPortOpen(port, host)); i += 1) {
    if (i === 50) kill(pid, 'SIGKILL')
    await clock.sleep(50)
  }
  await clearOccupant(stateFile)
  return pid
}

async function readOccupant(stateFile: string): Promise<Occupant | undefined> {
  try {
    const { pid, port, host } = JSON.parse(await readFile(pathOf(stateFile), 'utf8')) as Occupant
    return Number.isSafeInteger(pid) && pid > 1 && Number.isSafeInteger(port)
      ? { pid, port, host }
      : undefined
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined
    throw error
  }
}

/** Process ids are used again, so the number alone proves nothing. Where there is no /proc, the orphan is left alone. */
async function isAnvil(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return /(^|\/)anvil(\.exe)?\0/.test(command)
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It ended by itself.
  }
}
