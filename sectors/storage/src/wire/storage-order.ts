import { concatBytes, fromHex, type Hex, type NetworkId, parseHex, toHex } from '@cairn/protocol'
import { readFields, u32Bytes, u64Bytes, wordBytes } from './fields.ts'
import {
  deriveStorageDigest,
  type RecoverSigner,
  type SignDigest,
  type StorageDomain,
} from './storage-domain.ts'
import { malformed } from './wire-error.ts'

/** What an order allows, each a bit of its action byte. */
export const ORDER_ACTIONS = { write: 1, read: 2, delete: 4, list: 8 } as const
export type OrderAction = keyof typeof ORDER_ACTIONS

/** Bytes of an order, of a signature, and of both. */
export const ORDER_BYTES = 53
export const ORDER_SIGNATURE_BYTES = 65
const signedBytes = ORDER_BYTES + ORDER_SIGNATURE_BYTES

/** An order is at most so far ahead, in seconds. */
export const MAX_ORDER_SECONDS = 86_400

/** What a customer lets an operator's device do for who shows it: spec 10, "Orders and receipts". */
export interface StorageOrder {
  /** 20 bytes, lower case. */
  readonly customer: Hex
  /** The device's index in its network. */
  readonly device: number
  /** Sum of {@link ORDER_ACTIONS}, from 1 to 15. */
  readonly actions: number
  /** Bytes of rows both ways, a safe integer. */
  readonly maxBytes: number
  /** 12 bytes, never used twice by a customer. */
  readonly serial: Hex
  /** Unix seconds. */
  readonly expiresAt: number
}

export interface SignedOrder {
  readonly order: StorageOrder
  /** r ‖ s ‖ v, 65 bytes. */
  readonly signature: Uint8Array
}

/** Where an order counts. */
export interface OrderContext extends StorageDomain {
  readonly network: NetworkId
}

/** What an order is worth: accepted, or why not. */
export type OrderVerdict =
  | { readonly accepted: true }
  | {
      readonly accepted: false
      readonly reason: 'wrong_device' | 'order_expired' | 'order_too_far_ahead' | 'wrong_signature'
    }

const orderType =
  'StorageOrder(uint256 network,address customer,uint32 device,uint8 actions,uint64 maxBytes,bytes12 serial,uint64 expiresAt)'

const refusal = malformed(
  'order',
  'Send `Authorization: Cairn ` and the order with its signature, 118 bytes, in base64url without padding.',
)

/** 53 bytes. @throws RangeError, HexError, WireError for what could not be read back */
export const encodeOrder = (order: StorageOrder): Uint8Array => {
  const bytes = concatBytes(
    fromHex(parseHex(order.customer, 20, 'customer')),
    u32Bytes(order.device),
    Uint8Array.of(order.actions),
    u64Bytes(order.maxBytes),
    fromHex(parseHex(order.serial, 12, 'serial')),
    u64Bytes(order.expiresAt),
  )
  parseOrder(bytes)
  return bytes
}

/** @throws WireError `malformed_order` */
export const parseOrder = (bytes: Uint8Array): StorageOrder => {
  const refuse = (why: string): never => {
    throw refusal(bytes, why)
  }
  const fields = readFields(bytes, refuse)
  const order = {
    customer: toHex(fields.bytes(20)),
    device: fields.u32(),
    actions: fields.u8(),
    maxBytes: fields.safe64(),
    serial: toHex(fields.bytes(12)),
    expiresAt: fields.safe64(),
  }
  fields.end()
  if (order.actions < 1 || order.actions > 15)
    refuse(`Their actions are ${order.actions}, and there are 1 to 15.`)
  return order
}

/** What the customer signs, 32 bytes. */
export const deriveOrderDigest = (context: OrderContext, order: StorageOrder): Uint8Array =>
  deriveStorageDigest(context, orderType, [
    wordBytes(BigInt(context.network)),
    wordBytes(BigInt(order.customer)),
    wordBytes(order.device),
    wordBytes(order.actions),
    wordBytes(order.maxBytes),
    concatBytes(fromHex(order.serial), new Uint8Array(20)),
    wordBytes(order.expiresAt),
  ])

/** Signs an order. The signer's address has to be the order's customer. */
export const signOrder = async (
  sign: SignDigest,
  context: OrderContext,
  order: StorageOrder,
): Promise<SignedOrder> => ({ order, signature: await sign(deriveOrderDigest(context, order)) })

/** The value of the header `Authorization`. */
export const formatAuthorization = ({ order, signature }: SignedOrder): string =>
  `Cairn ${toBase64Url(concatBytes(encodeOrder(order), signature))}`

/** Reads the value of the header `Authorization`. @throws WireError `malformed_order` */
export const parseAuthorization = (header: string | undefined): SignedOrder => {
  if (header === undefined || !/^Cairn [A-Za-z0-9_-]{158}$/.test(header)) {
    throw refusal(header?.slice(0, 200), `They must be the word Cairn and 158 characters of base64url.`)
  }
  const bytes = fromBase64Url(header.slice(6))
  if (bytes.length !== signedBytes || toBase64Url(bytes) !== header.slice(6)) {
    throw refusal(header, 'Their base64url is not the only one of its bytes.')
  }
  return { order: parseOrder(bytes.subarray(0, ORDER_BYTES)), signature: bytes.slice(ORDER_BYTES) }
}

/** Whether an order counts at a device at a time (Unix seconds). What it allows is for who asks. */
export const verifyOrder = async (
  { order, signature }: SignedOrder,
  {
    device,
    nowSeconds,
    recover,
    ...context
  }: OrderContext & {
    readonly device: number
    readonly nowSeconds: number
    readonly recover: RecoverSigner
  },
): Promise<OrderVerdict> => {
  if (order.device !== device) return { accepted: false, reason: 'wrong_device' }
  if (order.expiresAt <= nowSeconds) return { accepted: false, reason: 'order_expired' }
  if (order.expiresAt > nowSeconds + MAX_ORDER_SECONDS)
    return { accepted: false, reason: 'order_too_far_ahead' }
  const signer = await recover(deriveOrderDigest(context, order), signature)
  return signer === order.customer ? { accepted: true } : { accepted: false, reason: 'wrong_signature' }
}

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const fromBase64Url = (text: string): Uint8Array =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
