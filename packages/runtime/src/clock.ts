/** Time as an argument: programs never call `Date.now` or `setTimeout` themselves, so that tests decide what time it is. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number
  /** Resolves when `ms` milliseconds of wall time are over; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** A timer counts only the time the machine was awake, so a long sleep is made of short ones that look at the wall clock. */
const longestTimerMs = 1_000

/** The machine's clock. A sleep whose end passed while the machine was suspended ends within a second of waking. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, signal) {
      const until = Date.now() + ms
      for (;;) {
        signal?.throwIfAborted()
        const remaining = until - Date.now()
        if (remaining <= 0) return
        await timer(Math.min(remaining, longestTimerMs), signal)
      }
    },
  }
}

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(handle)
      reject(signal?.reason)
    }
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** A clock that stands still until it is told. */
export interface ManualClock extends Clock {
  /** Moves time forward by `ms` and wakes, in order of their ends, the sleeps that are over. */
  advance(ms: number): void
  /** How many sleeps are waiting. */
  readonly waiting: number
}

/** @param startMs Unix time in milliseconds that the clock shows at first */
export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs
  let sleepers: { until: number; wake: () => void }[] = []
  return {
    now: () => nowMs,
    get waiting() {
      return sleepers.length
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        if (ms <= 0) return resolve()
        const sleeper = { until: nowMs + ms, wake: resolve }
        sleepers.push(sleeper)
        signal?.addEventListener(
          'abort',
          () => {
            sleepers = sleepers.filter((other) => other !== sleeper)
            reject(signal.reason)
          },
          { once: true },
        )
      }),
    advance(ms) {
      nowMs += ms
      const over = sleepers.filter((sleeper) => sleeper.until <= nowMs).sort((a, b) => a.until - b.until)
      sleepers = sleepers.filter((sleeper) => sleeper.until > nowMs)
      for (const sleeper of over) sleeper.wake()
    },
  }
}
