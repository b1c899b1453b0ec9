import pRetry, { AbortError } from 'p-retry'

/** How often, how fast and for which errors {@link retry} tries again. */
export interface RetryOptions {
  /** Attempts in all, the first one included. Default 5. */
  attempts?: number
  /** Delay before the second attempt in ms; it doubles each time, with jitter. Default 200. */
  minDelayMs?: number
  /** Longest delay in ms. Default 10 000. */
  maxDelayMs?: number
  /** Whether another attempt can help. Default: always. */
  isTransient?: (error: Error) => boolean
  /** Called after every failed attempt. */
  onFailure?: (error: Error, attempt: number) => void
  signal?: AbortSignal
}

/** Runs `task` until it succeeds, gives up, or `signal` is aborted; throws the last error. */
export async function retry<T>(
  task: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = 5, minDelayMs = 200, maxDelayMs = 10_000, isTransient, onFailure, signal } = options
  return pRetry((attempt) => task(attempt), {
    retries: attempts - 1,
    minTimeout: minDelayMs,
    maxTimeout: maxDelayMs,
    randomize: true,
    onFailedAttempt: ({ error, attemptNumber }) => onFailure?.(error, attemptNumber),
    shouldRetry: ({ error }) => isTransient?.(error) ?? true,
    ...(signal === undefined ? {} : { signal }),
  })
}

export { AbortError }
