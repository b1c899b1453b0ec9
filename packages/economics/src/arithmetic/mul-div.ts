/**
 * `⌊a · b / divisor⌋` for non-negative numbers, without an intermediate overflow: `Math.mulDiv` of OpenZeppelin, whose product has 512 bits.
 *
 * @throws RangeError when `divisor` is zero
 */
export const mulDiv = (a: bigint, b: bigint, divisor: bigint): bigint => (a * b) / divisor

/** `⌈a · b / divisor⌉` for non-negative numbers: `Math.mulDiv(…, Rounding.Ceil)`. */
export const mulDivUp = (a: bigint, b: bigint, divisor: bigint): bigint => {
  const product = a * b
  return product === 0n ? 0n : (product - 1n) / divisor + 1n
}

/** The smaller of two. */
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** `a − b`, or zero where that is negative: `Math.saturatingSub`. */
export const saturatingSub = (a: bigint, b: bigint): bigint => (a > b ? a - b : 0n)
