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

interface Bucket {
  tokens: number
  atMs: number
}

/**
 * Buckets are kept as long as they can be other than full: those taken from lately are young, the others old, and the old ones
 * are forgotten whenever as much time is over as it takes to fill one.
 *
 * @param most keys remembered at most. Beyond that the old ones are forgotten before their time: they are the likeliest to be full.
 */
export function createTokenBuckets<Key>(
  { perSecond, burst }: TokenRate,
  most = 1_048_576,
): TokenBuckets<Key> {
  const fillMs = (1_000 * burst) / perSecond
  let young = new Map<Key, Bucket>()
  let old = new Map<Key, Bucket>()
  let turnedMs = 0
  const tokensOf = (bucket: Bucket | undefined, nowMs: number): number => {
    if (bucket === undefined) return burst
    const gained = (Math.max(0, nowMs - bucket.atMs) / 1_000) * perSecond
    return Math.min(burst, bucket.tokens + gained)
  }
  const grow = (key: Key, bucket: Bucket) => {
    old.delete(key)
    if (2 * young.size >= most || bucket.atMs - turnedMs >= fillMs) {
      old = young
      young = new Map()
      turnedMs = bucket.atMs
    }
    young.set(key, bucket)
  }
  return {
    get size() {
      return young.size + old.size
    },
    has: (key, nowMs) => tokensOf(young.get(key) ?? old.get(key), nowMs) >= 1,
    take(key, nowMs) {
      const bucket = young.get(key)
      const tokens = tokensOf(bucket ?? old.get(key), nowMs)
      if (tokens < 1) return false
      if (bucket === undefined) {
        grow(key, { tokens: tokens - 1, atMs: nowMs })
        return true
      }
      bucket.tokens = tokens - 1
      bucket.atMs = nowMs
      return true
    },
  }
}
