import { TreeError } from './tree-error.ts'

const hashBytes = 32

/**
 * Adds the sums of `pairs` pairs of neighbouring nodes into their parents. A node is a hash and then unsigned
 * big-endian sums of 128 bits, `width` bytes in all; hashes are left alone.
 *
 * Works in words of 32 bits, because a bigint per sum would cost more than the hashing.
 *
 * @throws TreeError `sum_overflow`.
 */
export const addPairSums = (
  children: Uint8Array,
  width: number,
  pairs: number,
  parents: Uint8Array,
): void => {
  const from = new DataView(children.buffer, children.byteOffset, children.byteLength)
  const to = new DataView(parents.buffer, parents.byteOffset, parents.byteLength)
  for (let pair = 0; pair < pairs; pair++) {
    const left = 2 * pair * width
    const parent = pair * width
    for (let sum = hashBytes; sum < width; sum += 16) {
      let carry = 0
      for (let word = sum + 12; word >= sum; word -= 4) {
        const total = from.getUint32(left + word) + from.getUint32(left + width + word) + carry
        to.setUint32(parent + word, total)
        carry = total > 0xffff_ffff ? 1 : 0
      }
      if (carry !== 0) throw overflow(pair)
    }
  }
}

const overflow = (pair: number): TreeError =>
  new TreeError({
    code: 'sum_overflow',
    message: `The sums of nodes ${2 * pair} and ${2 * pair + 1} of a level add up to 2^128 or more.`,
    fix: 'Sums have 128 bits (spec 5). Amounts this large come from a fault further up: check them there.',
  })
