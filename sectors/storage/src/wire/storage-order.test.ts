import { parseNetworkId, toHex } from '@cairn/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orders } from './arbitraries.ts'
import { recoverSigner, testCustomer } from './customer.fixture.ts'
import {
  deriveOrderDigest,
  encodeOrder,
  formatAuthorization,
  parseAuthorization,
  parseOrder,
  type StorageOrder,
  signOrder,
  verifyOrder,
} from './storage-order.ts'
import { WireError } from './wire-error.ts'

const { address, sign } = testCustomer()

const context = {
  chainId: 31_337,
  verifyingContract: `0x${'c0'.repeat(20)}`,
  network: parseNetworkId(`0x${'0d'.repeat(28)}`),
} as const
const nowSeconds = 1_800_000_000
const order: StorageOrder = {
  customer: address,
  device: 3,
  actions: 3,
  maxBytes: 1_000_000,
  serial: `0x${'5e'.repeat(12)}`,
  expiresAt: nowSeconds + 3_600,
}
const verifier = { ...context, device: 3, nowSeconds, recover: recoverSigner }

test('default: an order is 53 bytes, a header with its signature 164 characters; both come back', () => {
  fc.assert(
    fc.property(orders, fc.uint8Array({ minLength: 65, maxLength: 65 }), (any, signature) => {
      const bytes = encodeOrder(any)
      expect(bytes.length).toBe(53)
      expect(parseOrder(bytes)).toEqual(any)
      const header = formatAuthorization({ order: any, signature })
      expect(header.length).toBe(164)
      expect(parseAuthorization(header)).toEqual({ order: any, signature })
    }),
  )
})

test('default: the digest is that of EIP-712, as viem 2.57 hashes the same order', () => {
  expect(address).toBe('0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a')
  expect(toHex(deriveOrderDigest(context, order))).toBe(
    '0x889cd795cd9042a741b1df222a6cf4b381f9d56b21c812203956c61b13e45dc9',
  )
})

test('default: what the customer signed is accepted', async () => {
  const signed = await signOrder(sign, context, order)
  expect(await verifyOrder(signed, verifier)).toEqual({ accepted: true })
})

test('behavior: a changed order, another network, contract, chain or signer is none', async () => {
  const signed = await signOrder(sign, context, order)
  const wrong = { accepted: false, reason: 'wrong_signature' }
  for (const change of [
    { maxBytes: 2 },
    { actions: 15 },
    { serial: `0x${'5f'.repeat(12)}` },
    { customer: `0x${'22'.repeat(20)}` },
    { expiresAt: nowSeconds + 1 },
  ] as Partial<StorageOrder>[]) {
    expect(await verifyOrder({ ...signed, order: { ...order, ...change } }, verifier)).toEqual(wrong)
  }
  const network = parseNetworkId(`0x${'0e'.repeat(28)}`)
  expect(await verifyOrder(signed, { ...verifier, network })).toEqual(wrong)
  expect(await verifyOrder(signed, { ...verifier, chainId: 1 })).toEqual(wrong)
  expect(await verifyOrder(signed, { ...verifier, verifyingContract: `0x${'c1'.repeat(20)}` })).toEqual(wrong)
  expect(await verifyOrder({ order, signature: new Uint8Array(65) }, verifier)).toEqual(wrong)
})

test('behavior: an order for another device, over, or more than a day ahead is none', async () => {
  const signed = await signOrder(sign, context, order)
  expect(await verifyOrder(signed, { ...verifier, device: 4 })).toMatchObject({ reason: 'wrong_device' })
  expect(await verifyOrder(signed, { ...verifier, nowSeconds: order.expiresAt })).toMatchObject({
    reason: 'order_expired',
  })
  expect(await verifyOrder(signed, { ...verifier, nowSeconds: order.expiresAt - 86_401 })).toMatchObject({
    reason: 'order_too_far_ahead',
  })
})

test('error: any other header, and any that writes the same bytes otherwise', async () => {
  const header = formatAuthorization(await signOrder(sign, context, order))
  for (const other of [
    undefined,
    '',
    'Cairn',
    header.slice(0, -1),
    `${header}A`,
    header.replace('Cairn', 'Bearer'),
    `${header.slice(0, -1)}${header.endsWith('B') ? 'C' : 'B'}`,
  ]) {
    expect(() => parseAuthorization(other)).toThrow(WireError)
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => parseAuthorization(`Cairn ${text}`)).toThrow(WireError)
    }),
  )
})
