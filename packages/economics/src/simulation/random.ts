/** Random numbers that follow from a seed alone. */
export interface Random {
  /** 32 bits. */
  readonly next: () => number
  /** In [0, 1), a multiple of 2^−32. */
  readonly uniform: () => number
  /** About normal, mean 0 and variance 1, within ±6: the sum of twelve uniforms less six (Irwin–Hall), which needs no transcendental function. */
  readonly normal: () => number
}

/**
 * xoshiro128** 1.1 (D. Blackman and S. Vigna, prng.di.unimi.it, public domain), its state filled by SplitMix64 from a seed of up to 64 bits, as its authors
 * advise. Integer operations only, so the numbers are the same in every engine.
 */
export function seededRandom(seed: bigint): Random {
  return xoshiro128(seedState(seed))
}

/** xoshiro128** from a state of four words that are not all zero. */
export function xoshiro128([s0, s1, s2, s3]: readonly [number, number, number, number]): Random {
  const next = (): number => {
    const result = Math.imul(rotl(Math.imul(s1, 5), 7), 9) >>> 0
    const t = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotl(s3, 11)
    return result
  }
  const uniform = (): number => next() * 2 ** -32
  const normal = (): number => {
    let sum = -6
    for (let term = 0; term < 12; term++) sum += uniform()
    return sum
  }
  return { next, uniform, normal }
}

const rotl = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

function seedState(seed: bigint): [number, number, number, number] {
  const first = splitMix64(seed)
  const second = splitMix64(first.state)
  return [low(first.output), high(first.output), low(second.output), high(second.output)]
}

const mask = (1n << 64n) - 1n
const low = (word: bigint): number => Number(word & 0xffff_ffffn)
const high = (word: bigint): number => Number(word >> 32n)

/** One step of SplitMix64 (G. Steele, D. Lea and C. Flood, OOPSLA 2014). */
export function splitMix64(seed: bigint): { state: bigint; output: bigint } {
  const state = (seed + 0x9e37_79b9_7f4a_7c15n) & mask
  let z = state
  z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & mask
  z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & mask
  return { state, output: z ^ (z >> 31n) }
}
