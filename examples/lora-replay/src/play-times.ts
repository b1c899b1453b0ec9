/** Longer pauses of a trace are played as if they had been this long: devices were switched off for months. */
const LONGEST_PAUSE_MS = 60_000

/**
 * When to play what was recorded at `timesMs` (in the order recorded): offsets from 0 to `durationMs`, proportional to the
 * time that had passed, long pauses shortened. Order is kept where recorded times go back.
 */
export function derivePlayTimes(timesMs: readonly number[], durationMs: number): number[] {
  let elapsed = 0
  const offsets = timesMs.map((timeMs, i) => {
    const pause = i === 0 ? 0 : timeMs - timesMs[i - 1]!
    elapsed += Math.min(LONGEST_PAUSE_MS, Math.max(0, pause))
    return elapsed
  })
  return elapsed === 0 ? offsets : offsets.map((offset) => (offset / elapsed) * durationMs)
}
