/** Lets only so many bytes be in use at a time; who needs more waits, in order. */
export interface ByteBudget {
  /** Resolves with how to give them back, once. More than the whole budget is given alone. */
  take(bytes: number): Promise<() => void>
  /** The most that were in use at once. */
  readonly peakBytes: number
}

export function createByteBudget(totalBytes: number): ByteBudget {
  let [used, peak] = [0, 0]
  const waiting: { readonly bytes: number; readonly start: () => void }[] = []
  const fits = (bytes: number) => used === 0 || used + bytes <= totalBytes
  const begin = (bytes: number) => {
    used += bytes
    peak = Math.max(peak, used)
    let isReturned = false
    return () => {
      if (isReturned) return
      isReturned = true
      used -= bytes
      while (waiting.length > 0 && fits(waiting[0]!.bytes)) waiting.shift()!.start()
    }
  }
  return {
    get peakBytes() {
      return peak
    },
    take: (bytes) =>
      waiting.length === 0 && fits(bytes)
        ? Promise.resolve(begin(bytes))
        : new Promise((resolve) => waiting.push({ bytes, start: () => resolve(begin(bytes)) })),
  }
}
