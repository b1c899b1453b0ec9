/** A reflected CRC whose register starts as, and is turned over by, all ones. */
export interface CrcShape {
  readonly bits: bigint
  /** Bits reversed. */
  readonly polynomial: bigint
}

/**
 * The CRC of one text after another, from the CRC of each: the first is moved along by the length of the second, which is a
 * multiplication by x^(8·length) modulo the polynomial (Mark Adler's method in zlib's crc32_combine).
 */
export function createCrcCombine({
  bits,
  polynomial,
}: CrcShape): (first: bigint, second: bigint, secondBytes: number) => bigint {
  const top = 1n << (bits - 1n)
  const multiply = (left: bigint, right: bigint) => {
    let [product, factor] = [0n, right]
    for (let bit = top; bit > 0n; bit >>= 1n) {
      if (left & bit) product ^= factor
      factor = factor & 1n ? (factor >> 1n) ^ polynomial : factor >> 1n
    }
    return product
  }
  // x^8: the powers of the reflected form count down from the top bit.
  const byteShift = top >> 8n
  // Parts of one upload have one length but for the last, so two powers serve ten thousand parts.
  const powers = new Map<number, bigint>()
  const power = (bytes: number) => {
    const known = powers.get(bytes)
    if (known !== undefined) return known
    let [result, square] = [top, byteShift]
    for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
      if (left % 2 === 1) result = multiply(result, square)
      square = multiply(square, square)
    }
    powers.set(bytes, result)
    return result
  }
  return (first, second, secondBytes) => multiply(power(secondBytes), first) ^ second
}
