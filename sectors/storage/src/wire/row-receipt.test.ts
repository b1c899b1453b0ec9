import { parseNetworkId } from '@cairn/protocol'
import { createVerifyP256, deviceSigner } from '@cairn/runtime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import {
  deriveReceiptMessage,
  encodeRowReceipt,
  parseRowReceipt,
  ROW_RECEIPT_BYTES,
  verifyRowReceipt,
} from './row-receipt.ts'
import { WireError } from './wire-error.ts'

const device = deviceSigner(new Uint8Array(32).fill(7))
const verify = createVerifyP256()
const promise = {
  network: parseNetworkId(`0x${'0d'.repeat(28)}`),
  device: 9,
  slab: patterned(32),
  row: 3,
  keptUntil: 1_800_000_000,
}
const receipt = { keptUntil: promise.keptUntil, signature: device.sign(deriveReceiptMessage(promise)) }

test('default: a receipt is 72 bytes, comes back, and verifies for what it was given for', () => {
  const bytes = encodeRowReceipt(receipt)
  expect(bytes.length).toBe(ROW_RECEIPT_BYTES)
  expect(parseRowReceipt(bytes)).toEqual(receipt)
  expect(verifyRowReceipt(verify, device.key, promise, receipt)).toBe(true)
  expect(Buffer.from(deriveReceiptMessage(promise)).toString('hex')).toBe(
    `${Buffer.from('cairn.storage.row-receipt.v1').toString('hex')}00000000${'0d'.repeat(28)}00000009${Buffer.from(promise.slab).toString('hex')}03000000006b49d200`,
  )
})

test('behavior: for nothing else', () => {
  const other = deviceSigner(new Uint8Array(32).fill(8)).key
  expect(verifyRowReceipt(verify, other, promise, receipt)).toBe(false)
  for (const change of [{ device: 8 }, { row: 4 }, { slab: patterned(32, 2) }]) {
    expect(verifyRowReceipt(verify, device.key, { ...promise, ...change }, receipt)).toBe(false)
  }
  expect(verifyRowReceipt(verify, device.key, promise, { ...receipt, keptUntil: 1 })).toBe(false)
})

test('error: any bytes are a receipt or refused with a typed error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 70, maxLength: 74 }), (bytes) => {
      try {
        expect(encodeRowReceipt(parseRowReceipt(bytes))).toEqual(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(WireError)
      }
    }),
  )
})
