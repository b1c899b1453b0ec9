/** How fast tokens come back and how many there are at most. */
export interface TokenRate {
  readonly perSecond: number
  readonly burst: number
}

/** A bucket of tokens for each key. A key that was never taken from has a full one. */
export interface TokenBuckets<Key> {
  /** Whether a token is there, without taking it. */
  has(key: Key, nowMs: number): boolean
  /** Takes a token; false, and nothing taken, when there is none. */
  take(key: Key, nowMs: number): boolean
  /** Buckets kept. */
  readonly size: number
}

/**
 * Buckets that remember `most` keys. Beyond that the key that was taken from longest ago is forgotten: its bucket is
 * the likeliest to be full again.
 */
export function createTokenBuckets<Key>(
  { perSecond, burst }: TokenRate,
  most = 1_048_576,
): TokenBuckets<Key> {
  const buckets = new Map<Key, { tokens: number; atMs: number }>()
  const tokensOf = (key: Key, nowMs: number): number => {
    const bucket = buckets.get(key)
    if (bucket === undefined) return burst
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond
    return Math.min(burst, bucket.tokens + gained)
  }
  return {
    get size() {
      return buckets.size
    },
    has: (key, nowMs) => tokensOf(key, nowMs) >= 1,
    take(key, nowMs) {
      const tokens = tokensOf(key, nowMs)
      if (tokens < 1) return false
      buckets.delete(key)
      buckets.set(key, { tokens: tokens - 1, atMs: nowMs })
      if (buckets.size > most) buckets.delete(buckets.keys().next().value!)
      return true
    },
  }
}
