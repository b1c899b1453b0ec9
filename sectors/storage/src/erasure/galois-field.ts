/** x^8 + x^4 + x^3 + x^2 + 1, in which 2 generates all elements but 0: the field of ISA-L, Storj and most others. */
const polynomial = 0x11d

/** `powers[i]` is 2^i, for twice the order, so that a sum of two logarithms needs no reduction. */
const powers = new Uint8Array(510)
const logarithms = new Uint8Array(256)

let power = 1
for (let exponent = 0; exponent < 255; exponent++) {
  powers[exponent] = power
  powers[exponent + 255] = power
  logarithms[power] = exponent
  power = power < 0x80 ? power << 1 : (power << 1) ^ polynomial
}

/** The product of two elements of GF(2^8). Their sum is their exclusive or. */
export const multiply = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : powers[logarithms[a]! + logarithms[b]!]!

/** What gives 1 when multiplied with `a`, which is not 0. */
export const invert = (a: number): number => powers[255 - logarithms[a]!]!
