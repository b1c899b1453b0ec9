/** Rounds of keccak-f[1600] (FIPS 202 §3.4). */
export const roundCount = 24

/** The lane, as `x + 5y`, that ρ and π bring to column `x` of row `y` (FIPS 202 §3.2.3). */
export const rhoPiSource = (x: number, y: number): number => ((x + 3 * y) % 5) + 5 * x

/** By how many bits ρ rotates each lane, in the order `x + 5y` (FIPS 202 §3.2.2, algorithm 2). */
export const rhoOffsets: readonly number[] = (() => {
  const offsets = new Array<number>(25).fill(0)
  let [x, y] = [1, 0]
  for (let t = 0; t < 24; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64
    ;[x, y] = [y, (2 * x + 3 * y) % 5]
  }
  return offsets
})()

/** What ι adds to the first lane in each round (FIPS 202 §3.2.5, algorithms 5 and 6). */
export const roundConstants: readonly bigint[] = (() => {
  let register = 1
  const nextBit = () => {
    const bit = register & 1
    register = register & 0x80 ? (register << 1) ^ 0x171 : register << 1
    return BigInt(bit)
  }
  return Array.from({ length: roundCount }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) constant |= nextBit() << BigInt(2 ** j - 1)
    return constant
  })
})()
