import type { Clock, Logger } from '@cairn/runtime'

/** One thing a service does again and again, alone: it is never begun anew before it is over. */
export interface Lane {
  readonly name: string
  /** @param now Unix seconds of block time */
  run(now: number): Promise<void>
}

/** Lanes that go on beside each other, so that a long computation keeps no dispute waiting. */
export interface Lanes {
  /** Begins every lane that is idle. Resolves when all of these are over. */
  step(now: number): Promise<void>
  /** Why a lane failed last, by its name; without those whose last run went well. */
  readonly problems: ReadonlyMap<string, string>
}

/** Makes lanes that nothing has begun yet. A lane that fails is begun again at the next step. */
export function createLanes(lanes: readonly Lane[], log: Logger): Lanes {
  const problems = new Map<string, string>()
  const running = new Map<string, Promise<void>>()
  const run = async ({ name, run }: Lane, now: number): Promise<void> => {
    try {
      await run(now)
      problems.delete(name)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      // The same problem again is no news.
      if (problems.get(name) !== message)
        log.warn({ err: error, lane: name }, 'did not go through; trying again')
      problems.set(name, message)
    } finally {
      running.delete(name)
    }
  }
  return {
    problems,
    async step(now) {
      for (const lane of lanes) if (!running.has(lane.name)) running.set(lane.name, run(lane, now))
      await Promise.all(running.values())
    },
  }
}

/** Steps every `pollMs` until the signal, without waiting for what a step began. Resolves when everything is over. */
export async function runLanes(
  step: () => Promise<void>,
  { clock, pollMs, signal, log }: { clock: Clock; pollMs: number; signal: AbortSignal; log: Logger },
): Promise<void> {
  const begun = new Set<Promise<void>>()
  let problem: string | undefined
  while (!signal.aborted) {
    const next = step().then(
      () => {
        problem = undefined
      },
      (error: Error) => {
        if (!signal.aborted && problem !== error.message)
          log.warn({ err: error }, 'the chain can not be read')
        problem = error.message
      },
    )
    begun.add(next)
    void next.finally(() => begun.delete(next))
    await clock.sleep(pollMs, signal).catch(() => {})
  }
  await Promise.all(begun)
}
