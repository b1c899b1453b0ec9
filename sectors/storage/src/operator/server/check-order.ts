import type { RecoverSigner } from '../../wire/storage-domain.ts'
import {
  ORDER_ACTIONS,
  type OrderAction,
  type OrderContext,
  parseAuthorization,
  type StorageOrder,
  verifyOrder,
} from '../../wire/storage-order.ts'
import { ServerError } from './server-error.ts'

/** The order of a request, where it allows the action. @throws ServerError, WireError */
export type CheckOrder = (header: string | undefined, action: OrderAction) => Promise<StorageOrder>

/** Where orders count, and how their signer is found. */
export interface CheckOrderOptions {
  readonly context: OrderContext
  readonly device: number
  readonly recover: RecoverSigner
  readonly nowSeconds: () => number
}

/** Orders whose signature was checked are remembered: the check costs more than the request. */
const maxRemembered = 10_000

/** Checks an order's signature once. */
export function createCheckOrder({ context, device, recover, nowSeconds }: CheckOrderOptions): CheckOrder {
  const accepted = new Map<string, StorageOrder>()
  const accept = async (header: string | undefined): Promise<StorageOrder> => {
    const known = accepted.get(header ?? '')
    if (known !== undefined && known.expiresAt > nowSeconds()) return known
    const signed = parseAuthorization(header)
    const verdict = await verifyOrder(signed, { ...context, device, recover, nowSeconds: nowSeconds() })
    if (!verdict.accepted) throw refusedOrder(verdict.reason)
    if (accepted.size >= maxRemembered) accepted.delete(accepted.keys().next().value!)
    accepted.set(header!, signed.order)
    return signed.order
  }
  return async (header, action) => {
    const order = await accept(header)
    if ((order.actions & ORDER_ACTIONS[action]) !== 0) return order
    throw new ServerError({
      status: 403,
      code: 'action_not_allowed',
      message: `The order does not allow to ${action}.`,
      fix: 'Sign an order whose actions have that bit.',
      field: 'actions',
      value: String(order.actions),
    })
  }
}

const refusedOrder = (reason: string): ServerError =>
  new ServerError({
    status: 401,
    code: reason,
    message: `The order is not good here: ${reason.replaceAll('_', ' ')}.`,
    fix: 'Sign an order for this device and network, that ends within a day, with the key of its customer.',
    field: 'authorization',
  })
