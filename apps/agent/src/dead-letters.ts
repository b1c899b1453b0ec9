import { rename, stat } from 'node:fs/promises'
import { toHex } from '@cairn/protocol'
import { isMissing } from '@cairn/runtime'
import { appendLines } from './append-file.ts'
import type { KeptObservation } from './outbox/outbox-entry.ts'

/** Why observations were given up. `code` is an ingest's, or the agent's own `too_old` or `came_back_too_often`. */
export interface DeadLetterReason {
  readonly code: string
  readonly message: string
  readonly fix: string
}

/** What was given up, for people to look at: a file of one line an observation, and the one before it. */
export interface DeadLetters {
  /** Durable when it resolves. */
  add(observations: readonly KeptObservation[], reason: DeadLetterReason): Promise<void>
  /** Since the start, by code. */
  counts(): Readonly<Record<string, number>>
}

/** @param maxBytes when the file is longer, it becomes `<path>.last` and a new one begins */
export function createDeadLetters(path: string, now: () => number, maxBytes = 16 << 20): DeadLetters {
  const counts: Record<string, number> = {}
  return {
    counts: () => ({ ...counts }),
    async add(observations, reason) {
      if (observations.length === 0) return
      if ((await sizeOf(path)) > maxBytes) await rename(path, `${path}.last`)
      await appendLines(
        path,
        observations.map(({ device, receivedMs, bytes }) => ({
          atMs: now(),
          ...reason,
          device,
          receivedMs,
          observation: toHex(bytes),
        })),
      )
      counts[reason.code] = (counts[reason.code] ?? 0) + observations.length
    },
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}
