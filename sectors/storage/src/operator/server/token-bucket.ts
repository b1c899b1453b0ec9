import type { Clock } from '@cairn/runtime'

/** Lets so many bytes a second pass. */
export interface TokenBucket {
  /** Resolves when the bytes may pass; in the order of the calls. */
  take(bytes: number, signal?: AbortSignal): Promise<void>
}

/** @param bytesPerSecond no limit where it is undefined. A second's worth may pass at once. */
export function createTokenBucket(bytesPerSecond: number | undefined, clock: Clock): TokenBucket {
  if (bytesPerSecond === undefined) return { take: async () => {} }
  let paidUntilMs = clock.now() - 1_000
  return {
    async take(bytes, signal) {
      const now = clock.now()
      paidUntilMs = Math.max(paidUntilMs, now - 1_000) + (bytes * 1_000) / bytesPerSecond
      if (paidUntilMs > now) await clock.sleep(paidUntilMs - now, signal)
    },
  }
}
