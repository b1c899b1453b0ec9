import type { Clock } from '@cairn/runtime'

/** Calls with a signal that is aborted when so long has passed, or when the outer one is. */
export async function withinMs<T>(
  clock: Clock,
  ms: number,
  call: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const limit = new AbortController()
  const timer = new AbortController()
  clock.sleep(ms, timer.signal).then(
    () => limit.abort(new TimeLimitError(`no answer after ${ms} ms`)),
    () => undefined,
  )
  try {
    return await call(outer === undefined ? limit.signal : AbortSignal.any([outer, limit.signal]))
  } finally {
    timer.abort()
  }
}

/** The reason of a signal whose time is over. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError'
}
