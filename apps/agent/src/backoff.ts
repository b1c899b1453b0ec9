/** Waits between attempts at one peer: doubling from 500 ms to a minute, with jitter so that agents do not come back all at once. */
export interface Backoff {
  readonly failures: () => number
  /** Whether the peer may be asked. */
  isReady(nowMs: number): boolean
  readyAtMs(): number
  /** @param atLeastMs what the peer asked for */
  fail(nowMs: number, atLeastMs?: number): void
  succeed(): void
}

const shortestMs = 500
const longestMs = 60_000

/** @param random in [0, 1) */
export function createBackoff(random: () => number): Backoff {
  let failures = 0
  let readyAtMs = 0
  return {
    failures: () => failures,
    isReady: (nowMs) => nowMs >= readyAtMs,
    readyAtMs: () => readyAtMs,
    fail(nowMs, atLeastMs = 0) {
      failures++
      const delayMs = Math.min(longestMs, shortestMs * 2 ** Math.min(failures - 1, 10))
      readyAtMs = nowMs + Math.max(atLeastMs, Math.round(delayMs * (0.5 + random() / 2)))
    },
    succeed() {
      failures = 0
      readyAtMs = 0
    },
  }
}
