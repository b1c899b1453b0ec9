/** A reproducible stream of numbers in [0, 1), for simulations only: xorshift32 (Marsaglia, "Xorshift RNGs", 2003). */
export function seededRandom(seed: number): () => number {
  // Spreads neighbouring seeds apart, and never yields the state 0, which xorshift can not leave.
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x6a09e667) >>> 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state = (state ^ (state << 5)) >>> 0
    return state / 2 ** 32
  }
}
