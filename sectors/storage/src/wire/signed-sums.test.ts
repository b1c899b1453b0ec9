import { parseNetworkId } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseSignedSum, type SignedSum, SignedSumError, serializeSignedSum } from './signed-sums.ts'

const sum: SignedSum = {
  network: parseNetworkId(`0x${'0d'.repeat(28)}`),
  payer: `0x${'aa'.repeat(20)}`,
  seller: `0x${'bb'.repeat(20)}`,
  program: 1,
  sum: 2n ** 100n,
  expiresAt: 1_800_000_000n,
  signature: `0x${'cc'.repeat(65)}`,
}

test('default: vouchers and meters come back as they were', () => {
  expect(parseSignedSum('cumulative', serializeSignedSum('cumulative', sum))).toEqual(sum)
  expect(parseSignedSum('metered', serializeSignedSum('metered', sum))).toEqual(sum)
})

test('error: one for the other, a field that is missing or wrong, and any other JSON or text', () => {
  const text = serializeSignedSum('cumulative', sum)
  expect(() => parseSignedSum('metered', text)).toThrow(SignedSumError)
  for (const field of Object.keys(JSON.parse(text))) {
    for (const wrong of [undefined, null, -1, 4, '', 'x', {}, '9'.repeat(50)]) {
      expect(() =>
        parseSignedSum('cumulative', JSON.stringify({ ...JSON.parse(text), [field]: wrong })),
      ).toThrow(SignedSumError)
    }
  }
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (other) => {
      expect(() => parseSignedSum('metered', other)).toThrow(SignedSumError)
    }),
  )
})
