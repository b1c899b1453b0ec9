import { parseNetworkId } from '@cairn/protocol'
import { expect, test } from 'vitest'
import { recoverSigner, testCustomer } from '../wire/customer.fixture.ts'
import { parseAuthorization, verifyOrder } from '../wire/storage-order.ts'
import { createOrderSource, type OrderSourceOptions } from './create-order-source.ts'

const context = {
  chainId: 31_337,
  verifyingContract: `0x${'c0'.repeat(20)}`,
  network: parseNetworkId(`0x${'0d'.repeat(28)}`),
} as const
const start = 1_800_000_000

const openSource = (change: Partial<OrderSourceOptions> = {}) => {
  const { address, sign } = testCustomer()
  const state = { nowSeconds: start, serials: 0 }
  const orders = createOrderSource({
    context,
    customer: address,
    device: 3,
    sign,
    maxBytes: 1_000,
    seconds: 3_600,
    nowSeconds: () => state.nowSeconds,
    random: (length) => new Uint8Array(length).fill(++state.serials),
    ...change,
  })
  return { orders, state }
}

test('default: one order serves until its bytes are used, then another does', async () => {
  const { orders } = openSource()
  const first = await orders('write', 600)
  expect(await orders('read', 400)).toBe(first)
  const second = await orders('read', 1)
  expect(second).not.toBe(first)
  const signed = parseAuthorization(second)
  const at = { ...context, device: 3, nowSeconds: start, recover: recoverSigner }
  expect(await verifyOrder(signed, at)).toEqual({ accepted: true })
})

test('behavior: it is renewed before its time is over, and made larger for a larger request', async () => {
  const { orders, state } = openSource()
  const first = await orders('list', 0)
  state.nowSeconds += 2_880
  expect(await orders('list', 0)).not.toBe(first)
  expect(parseAuthorization(await orders('write', 5_000)).order.maxBytes).toBe(5_000)
})

test('behavior: calls at once share an order, and a signature that failed is asked for again', async () => {
  let fails = 1
  const { sign } = testCustomer()
  const { orders, state } = openSource({
    sign: async (digest) => {
      if (fails-- > 0) throw new Error('locked')
      return sign(digest)
    },
  })
  await expect(orders('read', 1)).rejects.toThrow('locked')
  expect(new Set(await Promise.all([1, 2, 3].map(() => orders('read', 1)))).size).toBe(1)
  expect(state.serials).toBe(2)
})

test('error: what the orders do not allow', async () => {
  const { orders } = openSource({ actions: ['read'] })
  await expect(orders('write', 1)).rejects.toThrow(TypeError)
})
