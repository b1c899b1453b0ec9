import { type Hex, toHex } from '@cairn/protocol'
import type { SignDigest } from '../wire/storage-domain.ts'
import {
  formatAuthorization,
  MAX_ORDER_SECONDS,
  ORDER_ACTIONS,
  type OrderAction,
  type OrderContext,
  signOrder,
} from '../wire/storage-order.ts'

/** Gives the header of an order that is good for a request: renewed before it is over. */
export type OrderSource = (action: OrderAction, bytes: number) => Promise<string>

/** Whose orders these are, and for which device. */
export interface OrderSourceOptions {
  readonly context: OrderContext
  /** 20 bytes: the address of `sign`. */
  readonly customer: Hex
  readonly device: number
  readonly sign: SignDigest
  /** Bytes of one order. */
  readonly maxBytes: number
  /** Seconds of one order, a day at most. */
  readonly seconds: number
  readonly nowSeconds: () => number
  /** Random bytes, for serials. */
  readonly random: (length: number) => Uint8Array
  /** What orders allow; all where it is left out. */
  readonly actions?: readonly OrderAction[]
}

/** Signs an order when the one before is nearly over: a signature is not made for each request. */
export function createOrderSource(options: OrderSourceOptions): OrderSource {
  const { context, customer, device, sign, maxBytes, nowSeconds, random } = options
  const seconds = Math.min(options.seconds, MAX_ORDER_SECONDS - 60)
  const actions = options.actions ?? (Object.keys(ORDER_ACTIONS) as OrderAction[])
  const allowed = actions.reduce((sum, action) => sum | ORDER_ACTIONS[action], 0)
  let current: { readonly header: Promise<string>; readonly renewAt: number; left: number } | undefined

  const renew = (least: number) => {
    const order = {
      customer,
      device,
      actions: allowed,
      maxBytes: Math.max(maxBytes, least),
      serial: toHex(random(12)),
      expiresAt: nowSeconds() + seconds,
    }
    const header = signOrder(sign, context, order).then(formatAuthorization)
    const made = { header, renewAt: nowSeconds() + Math.ceil(seconds * 0.8), left: order.maxBytes }
    header.catch(() => {
      if (current === made) current = undefined
    })
    return made
  }

  return (action, bytes) => {
    if (!actions.includes(action))
      return Promise.reject(new TypeError(`These orders do not allow to ${action}.`))
    if (current === undefined || current.left < bytes || current.renewAt <= nowSeconds())
      current = renew(bytes)
    current.left -= bytes
    return current.header
  }
}
