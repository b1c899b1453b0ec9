import fc from 'fast-check'
import { expect, test } from 'vitest'
import { VoucherError } from './signed-file.ts'
import { parseVoucher, type SignedVoucher, serializeVoucher } from './voucher-file.ts'

const signed: SignedVoucher = {
  voucher: {
    network: `0x${'0a'.repeat(28)}` as SignedVoucher['voucher']['network'],
    payer: `0x${'11'.repeat(20)}`,
    seller: `0x${'22'.repeat(20)}`,
    program: 3,
    cumulative: 2n ** 128n - 1n,
    expiresAt: 1_800_000_000n,
  },
  signature: `0x${'ab'.repeat(65)}`,
}

test('default: what was written is read back', () => {
  expect(parseVoucher(serializeVoucher(signed))).toEqual(signed)
})

test.each([
  ['program', { program: 4 }],
  ['cumulative', { cumulative: `${2n ** 128n}` }],
  ['cumulative', { cumulative: '-1' }],
  ['payer', { payer: '0x12' }],
  ['network', { network: 'local' }],
  ['signature', { signature: '0x' }],
  ['voucher', { more: 1 }],
])('error: names %s in %o', (field, change) => {
  const text = JSON.stringify({ ...JSON.parse(serializeVoucher(signed)), ...change })
  expect(() => parseVoucher(text)).toThrow(expect.objectContaining({ code: 'malformed_voucher', field }))
})

test('error: any text is refused or is a voucher', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => parseVoucher(text)).toThrow(VoucherError)
    }),
  )
})
