/**
 * A token bucket on a clock passed in: `take` says whether one more event fits `perSecond` on average with bursts of
 * `burst`. Fractions are kept in thousandths of a token, so that slow rates refill exactly.
 */
export type TokenBucket = { readonly take: (nowMs: number) => boolean }

const ONE = 1000

/** `perSecond` and `burst` may be `Infinity`, which lets everything through. */
export const createTokenBucket = (perSecond: number, burst: number, nowMs: number): TokenBucket => {
  if (perSecond === Infinity) return { take: () => true }
  let level = burst * ONE
  let filledAtMs = nowMs
  return {
    take(atMs) {
      // A clock set back refills nothing and is followed from its new value.
      level = Math.min(burst * ONE, level + Math.max(0, atMs - filledAtMs) * perSecond)
      filledAtMs = atMs
      if (level < ONE) return false
      level -= ONE
      return true
    },
  }
}
