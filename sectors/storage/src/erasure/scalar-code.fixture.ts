/** A second implementation for tests, slow and plain: its own multiplication, its own solver, no tables, no vectors. */

/** Multiplies as polynomials over GF(2), then reduces by 0x11d. */
export const slowMultiply = (a: number, b: number): number => {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) {
    product <<= 1
    if (product & 0x100) product ^= 0x11d
    if ((b >> bit) & 1) product ^= a
  }
  return product
}

const slowInvert = (a: number): number => {
  for (let b = 1; b < 256; b++) if (slowMultiply(a, b) === 1) return b
  throw new Error('0 has no inverse')
}

const inverses = Array.from({ length: 256 }, (_, a) => (a === 0 ? 0 : slowInvert(a)))

/** Row `row` of `data`, which is a data row or Σ data[j] / (row ⊕ j). */
export const scalarRow = (data: readonly Uint8Array[], row: number): Uint8Array => {
  if (row < data.length) return data[row]!
  return Uint8Array.from({ length: data[0]!.length }, (_, byte) =>
    data.reduce((sum, each, column) => sum ^ slowMultiply(inverses[row ^ column]!, each[byte]!), 0),
  )
}
