import { rm } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { BaseError } from '@cairn/protocol'
import { readLastGood } from '../files/read-last-good.ts'
import { writeAtomic } from '../files/write-atomic.ts'
import { callRpc } from './json-rpc.ts'

/** The saved state of the local chain can not be read. Code: `chain_state_damaged`. */
export class ChainStateError extends BaseError {
  override readonly name = 'ChainStateError'
}

/**
 * Saves a running chain's state. Anvil's own `--state` writes in place, and a kill in the middle leaves a file that no later
 * start accepts; this one is replaced as a whole, and the one before is kept.
 *
 * @returns the size of the file in bytes
 */
export async function saveChainState(url: string, path: string): Promise<number> {
  const dump = await callRpc(url, 'anvil_dumpState')
  const state = gunzipSync(Buffer.from(String(dump).slice(2), 'hex'))
  parseState(state)
  await writeAtomic(path, state, { keepLast: true })
  return state.length
}

/** Which file `--load-state` should be given. */
export interface SavedChainState {
  path: string
  blockNumber: bigint
  /** Set when the newest file was damaged and the one before it is used: blocks are lost, which services see as a reorg. */
  passedOver: Error | undefined
}

/**
 * Finds the newest saved state that is whole.
 *
 * @returns undefined when nothing was ever saved
 * @throws ChainStateError when files are there and all are damaged
 */
export async function findChainState(path: string): Promise<SavedChainState | undefined> {
  try {
    const found = await readLastGood(path, parseState)
    return found && { path: found.path, blockNumber: found.value, passedOver: found.passedOver }
  } catch (cause) {
    throw new ChainStateError({
      code: 'chain_state_damaged',
      message: `The saved chain in ${path} is damaged, and so is the one before it.`,
      field: 'stateFile',
      value: path,
      fix: `Restore ${path} from a backup, or remove ${path} and ${path}.last to begin a new chain; a new chain knows nothing of the old networks.`,
      cause,
    })
  }
}

/** Removes a saved chain, to begin anew. */
export async function removeChainState(path: string): Promise<void> {
  await rm(path, { force: true })
  await rm(`${path}.last`, { force: true })
}

function parseState(bytes: Buffer): bigint {
  const state = JSON.parse(bytes.toString('utf8')) as {
    block?: { number?: string }
    accounts?: unknown
    blocks?: unknown
  }
  if (typeof state.accounts !== 'object' || !Array.isArray(state.blocks))
    throw new Error('It has no accounts or no blocks.')
  return BigInt(state.block?.number ?? 'missing')
}
