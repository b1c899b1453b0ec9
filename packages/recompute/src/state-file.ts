import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type CarryEntry, fromHex, type Hex, keccak256, toHex } from '@cairn/protocol'
import { isMissing, writeAtomic } from '@cairn/runtime'
import type { SettledState } from '@cairn/settlement'

/** Keeps what each root left behind, so that a restart need not settle from the first epoch again. A damaged file reads as absent. */
export interface StateStore {
  read(rootId: Hex): Promise<SettledState | undefined>
  write(state: SettledState): Promise<void>
  delete(rootId: Hex): Promise<void>
}

export function fileStateStore(folder: string): StateStore {
  const pathOf = (rootId: Hex) => join(folder, `${rootId}.json`)
  return {
    async read(rootId) {
      try {
        return parseState(await readFile(pathOf(rootId), 'utf8'), rootId)
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    write: (state) => writeAtomic(pathOf(state.rootId), serializeState(state)),
    delete: (rootId) => rm(pathOf(rootId), { force: true }),
  }
}

/** Keeps nothing on disk: for an audit that trusts no earlier run. */
export function memoryStateStore(): StateStore {
  const states = new Map<Hex, SettledState>()
  return {
    read: async (rootId) => states.get(rootId),
    write: async (state) => void states.set(state.rootId, state),
    delete: async (rootId) => void states.delete(rootId),
  }
}

/** A line of JSON with a digest of it in front. */
export function serializeState(state: SettledState): string {
  const body = JSON.stringify({
    rootId: state.rootId,
    last: state.last,
    evidenceEnd: state.evidenceEnd,
    cumulative: state.cumulative.map(String),
    carry: state.carry.map(({ key, lastEpoch, value }) => [toHex(key), lastEpoch, toHex(value)]),
    rollover: state.rollover.map(String),
  })
  return `${digestOf(body)}\n${body}\n`
}

/** undefined for anything but what `serializeState` wrote for this root. */
export function parseState(text: string, rootId: Hex): SettledState | undefined {
  const [digest, body] = text.split('\n')
  if (body === undefined || digest !== digestOf(body)) return undefined
  const { last, evidenceEnd, cumulative, carry, rollover, rootId: written } = JSON.parse(body)
  if (written !== rootId) return undefined
  return {
    rootId,
    last,
    evidenceEnd,
    cumulative: cumulative.map(BigInt),
    carry: carry.map(
      ([key, lastEpoch, value]: [Hex, number, Hex]): CarryEntry => ({
        key: fromHex(key),
        lastEpoch,
        value: fromHex(value),
      }),
    ),
    rollover: rollover.map(BigInt),
  }
}

function digestOf(body: string): Hex {
  return toHex(keccak256(new TextEncoder().encode(body)))
}
