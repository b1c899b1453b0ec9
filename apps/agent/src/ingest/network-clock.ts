/** The network's time as the agent believes it: its own clock, corrected by what ingests say. */
export interface NetworkClock {
  /** Unix ms. */
  now(): number
  /** How far the agent's own clock is behind, ms. */
  offsetMs(): number
  /** An ingest's clock read `serverMs` between two readings of the own one. */
  learn(source: string, serverMs: number, sentMs: number, receivedMs: number): void
}

/** An answer that took longer says too little about when it was written. */
const longestRoundTripMs = 10_000

/**
 * The offset is the median of the newest sample of each ingest (the lower of two), so that one ingest among three or more can not move the
 * agent's clock; half of the round trip is taken off.
 */
export function createNetworkClock(ownNow: () => number): NetworkClock {
  const offsets = new Map<string, number>()
  const offsetMs = (): number => {
    const sorted = [...offsets.values()].sort((a, b) => a - b)
    return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
  }
  return {
    now: () => ownNow() + offsetMs(),
    offsetMs,
    learn(source, serverMs, sentMs, receivedMs) {
      const roundTripMs = receivedMs - sentMs
      if (roundTripMs < 0 || roundTripMs > longestRoundTripMs) return
      offsets.set(source, serverMs - Math.round(sentMs + roundTripMs / 2))
    },
  }
}
