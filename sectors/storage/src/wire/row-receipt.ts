import { concatBytes, type DeviceKey, isLowS, type NetworkId, type VerifyP256 } from '@cairn/protocol'
import { readFields, u32Bytes, u64Bytes, wordBytes } from './fields.ts'
import { malformed } from './wire-error.ts'

/** Bytes of a row receipt as it is sent. */
export const ROW_RECEIPT_BYTES = 72

/** What a device answers for: that it keeps a row. */
export interface RowPromise {
  readonly network: NetworkId
  /** The device's index in its network. */
  readonly device: number
  /** 32 bytes. */
  readonly slab: Uint8Array
  readonly row: number
  /** Unix seconds. */
  readonly keptUntil: number
}

/** A promise's end and its signature; the rest its reader knows. */
export interface RowReceipt {
  readonly keptUntil: number
  /** r ‖ s of the device's key, 64 bytes, low s. */
  readonly signature: Uint8Array
}

const refusal = malformed('receipt', 'Read all 72 bytes of the answer: keptUntil and the signature.')

/** What the device signs, before SHA-256. */
export const deriveReceiptMessage = ({ network, device, slab, row, keptUntil }: RowPromise): Uint8Array =>
  concatBytes(
    new TextEncoder().encode('cairn.storage.row-receipt.v1'),
    wordBytes(BigInt(network)),
    u32Bytes(device),
    slab,
    Uint8Array.of(row),
    u64Bytes(keptUntil),
  )

/** `keptUntil ‖ r ‖ s`. */
export const encodeRowReceipt = ({ keptUntil, signature }: RowReceipt): Uint8Array =>
  concatBytes(u64Bytes(keptUntil), signature)

/** @throws WireError `malformed_receipt` */
export const parseRowReceipt = (bytes: Uint8Array): RowReceipt => {
  const refuse = (why: string): never => {
    throw refusal(bytes, why)
  }
  const fields = readFields(bytes, refuse)
  const keptUntil = fields.safe64()
  const signature = fields.bytes(64)
  fields.end()
  if (!isLowS(signature)) refuse('The s of their signature is not the low one.')
  return { keptUntil, signature }
}

/** Whether the device of this key gave the receipt for that row. */
export const verifyRowReceipt = (
  verify: VerifyP256,
  key: DeviceKey,
  promise: Omit<RowPromise, 'keptUntil'>,
  { keptUntil, signature }: RowReceipt,
): boolean => isLowS(signature) && verify(key, deriveReceiptMessage({ ...promise, keptUntil }), signature)
