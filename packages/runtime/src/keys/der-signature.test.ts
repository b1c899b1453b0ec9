import fc from 'fast-check'
import { expect, test } from 'vitest'
import { derSignature } from './der-signature.ts'

/** Straight from X.690 §8.3: the shortest two's complement. */
function naiveInteger(bytes: Uint8Array): number[] {
  let hex = BigInt(`0x${Buffer.from(bytes).toString('hex')}`).toString(16)
  if (hex.length % 2 === 1) hex = `0${hex}`
  const content = [...Buffer.from(hex, 'hex')]
  if (content[0]! >= 0x80) content.unshift(0)
  return [0x02, content.length, ...content]
}

test('behavior: any r and s, with zeros or a high bit in front, have their one DER form', () => {
  const word = fc
    .tuple(fc.nat(32), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([zeros, bytes]) => bytes.fill(0, 0, zeros))
  fc.assert(
    fc.property(word, word, (r, s) => {
      const content = [...naiveInteger(r), ...naiveInteger(s)]
      expect([...derSignature(Uint8Array.of(...r, ...s))]).toEqual([0x30, content.length, ...content])
    }),
    { numRuns: 300 },
  )
})
