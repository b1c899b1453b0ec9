import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseMeter, readMeter, type SignedMeter, serializeMeter } from './meter-file.ts'
import { VoucherError } from './signed-file.ts'
import { parseVoucher } from './voucher-file.ts'

const signed: SignedMeter = {
  meter: {
    network: `0x${'0a'.repeat(28)}` as SignedMeter['meter']['network'],
    payer: `0x${'11'.repeat(20)}`,
    seller: `0x${'22'.repeat(20)}`,
    program: 3,
    metered: 2n ** 128n - 1n,
    expiresAt: 1_800_000_000n,
  },
  // Of a multisig of three.
  signature: `0x${'ab'.repeat(195)}`,
}

test('default: what was written is read back', () => {
  expect(parseMeter(serializeMeter(signed))).toEqual(signed)
})

test('error: a meter is no voucher, nor the other way round', () => {
  expect(() => parseVoucher(serializeMeter(signed))).toThrow(
    expect.objectContaining({ code: 'malformed_voucher', field: 'cumulative' }),
  )
  const { metered, ...rest } = JSON.parse(serializeMeter(signed))
  expect(() => parseMeter(JSON.stringify({ ...rest, cumulative: metered }))).toThrow(
    expect.objectContaining({ code: 'malformed_meter', field: 'metered' }),
  )
})

test('error: any text is refused or is a meter, and a file that is not there is named', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(() => parseMeter(text)).toThrow(VoucherError)
    }),
  )
  await expect(readMeter('/nothing/here')).rejects.toMatchObject({
    code: 'unreadable_meter',
    value: '/nothing/here',
  })
})
