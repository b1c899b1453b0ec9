import { BaseError } from '@cairn/protocol'
import type { Logger } from '@cairn/runtime'

/** What keeps something from being done now: the error's code and words. */
export interface Problem {
  readonly code: string
  readonly message: string
}

/** Problems by what they are of. */
export interface ProblemBook<Key> {
  /** Logged once, not in every turn in which it is still there. */
  tell(key: Key, error: unknown): void
  clear(key: Key): void
  all(): ReadonlyMap<Key, Problem>
}

/** An empty book. @param words of the log line */
export function createProblemBook<Key extends bigint | string>(
  log: Pick<Logger, 'error'>,
  words: string,
): ProblemBook<Key> {
  const problems = new Map<Key, Problem>()
  return {
    tell(key, error) {
      const code = error instanceof BaseError ? error.code : 'unexpected'
      const message = error instanceof Error ? error.message : String(error)
      if (problems.get(key)?.message !== message) log.error({ err: error, of: String(key) }, words)
      problems.set(key, { code, message })
    },
    clear: (key) => void problems.delete(key),
    all: () => new Map(problems),
  }
}
