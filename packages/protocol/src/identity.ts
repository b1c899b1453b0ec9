import { BaseError } from './errors/base-error.ts'
import { concatBytes, fromHex, type Hex, HexError, parseHex } from './hex.ts'
import { keccak256 } from './keccak/keccak256.ts'

/** A network's id, spec 1: 28 bytes in lower-case hex. Only {@link parseNetworkId} and the report codec make one. */
export type NetworkId = Hex & { readonly [networkBrand]: true }
declare const networkBrand: unique symbol

/** A point of P-256, spec 1: both coordinates as 32 bytes, big-endian. */
export interface DeviceKey {
  readonly x: Uint8Array
  readonly y: Uint8Array
}

/** Thrown for what can not be a network, device, owner or class. Codes: `malformed_network`, `malformed_device`, `malformed_identity`. */
export class IdentityError extends BaseError {
  override readonly name = 'IdentityError'
}

export const NETWORK_ID_BYTES = 28
const ownerBytes = 20
const wordBytes = 32

/**
 * @throws IdentityError (`malformed_network`) unless `value` is a string of `0x` and 56 hex digits, in either case.
 */
export const parseNetworkId = (value: unknown): NetworkId => {
  try {
    return parseHex(value, NETWORK_ID_BYTES, 'network') as NetworkId
  } catch (cause) {
    if (!(cause instanceof HexError)) throw cause
    throw new IdentityError({
      code: 'malformed_network',
      message: `${cause.value} is not a network id, which is 28 bytes: 0x and 56 hex digits.`,
      fix: 'Copy the id from the network’s page or its config. It is a bytes28, so without padding to a word.',
      field: 'network',
      value: cause.value,
      cause,
    })
  }
}

/**
 * The device id, which is the ERC-721 token id: `networkId ‖ index u32`.
 *
 * @throws IdentityError (`malformed_device`) when `index` is not a u32.
 */
export const deviceId = (network: NetworkId, index: number): bigint => {
  if (index >>> 0 === index) return (BigInt(network) << 32n) | BigInt(index)
  throw malformedDevice('index', String(index), 'A device index is an integer from 0 to 2^32 − 1.')
}

/**
 * The network and index of a device id.
 *
 * @throws IdentityError (`malformed_device`) when `id` does not fit 256 bits.
 */
export const splitDeviceId = (id: bigint): { readonly network: NetworkId; readonly index: number } => {
  if (id < 0n || id >= 1n << 256n) {
    throw malformedDevice('device', `${id}`.slice(0, 90), 'A device id is an integer from 0 to 2^256 − 1.')
  }
  const network = `0x${(id >> 32n).toString(16).padStart(2 * NETWORK_ID_BYTES, '0')}` as NetworkId
  return { network, index: Number(id & 0xffff_ffffn) }
}

/** `keyHash = H(x ‖ y)`, which the chain stores. 32 bytes. */
export const keyHash = (key: DeviceKey): Uint8Array =>
  keccak256(concatBytes(sized(key.x, wordBytes, 'x'), sized(key.y, wordBytes, 'y')))

/**
 * What a device's key signs to be onboarded, before SHA-256: `"cairn/onboard/1" ‖ networkId ‖ owner ‖ class u16`.
 *
 * @param owner - the address that sends the transaction, 20 bytes
 * @throws IdentityError (`malformed_identity`) for an owner or class of another size.
 */
export const onboardDigestInput = (network: NetworkId, owner: Uint8Array, deviceClass: number): Uint8Array =>
  concatBytes(
    ascii('cairn/onboard/1'),
    fromHex(network),
    sized(owner, ownerBytes, 'owner'),
    classBytes(deviceClass),
  )

/**
 * What a device's new key signs to be rotated in, before SHA-256: `"cairn/rotate/1" ‖ deviceId (32) ‖ owner (20)`.
 *
 * @throws IdentityError (`malformed_device`, `malformed_identity`) for an id or owner of another size.
 */
export const rotateDigestInput = (device: bigint, owner: Uint8Array): Uint8Array => {
  const { network, index } = splitDeviceId(device)
  const indexBytes = Uint8Array.of(index >>> 24, index >>> 16, index >>> 8, index)
  return concatBytes(ascii('cairn/rotate/1'), fromHex(network), indexBytes, sized(owner, ownerBytes, 'owner'))
}

/**
 * What an approved maker signs for a device it built: `H("cairn/maker/1" ‖ networkId ‖ keyHash ‖ class u16)`, 32 bytes.
 * The signature is EIP-191 (`personal_sign`) over these 32 bytes.
 *
 * @throws IdentityError (`malformed_identity`) for a key hash or class of another size.
 */
export const makerDigest = (network: NetworkId, hash: Uint8Array, deviceClass: number): Uint8Array =>
  keccak256(
    concatBytes(
      ascii('cairn/maker/1'),
      fromHex(network),
      sized(hash, wordBytes, 'keyHash'),
      classBytes(deviceClass),
    ),
  )

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)

const classBytes = (deviceClass: number): Uint8Array => {
  if (Number.isInteger(deviceClass) && deviceClass >= 0 && deviceClass <= 0xffff) {
    return Uint8Array.of(deviceClass >>> 8, deviceClass)
  }
  throw malformed('class', String(deviceClass), 'A device class is an integer from 0 to 65535.')
}

const sized = (bytes: Uint8Array, length: number, field: string): Uint8Array => {
  if (bytes.length === length) return bytes
  throw malformed(field, `${bytes.length} bytes`, `It must be ${length} bytes.`)
}

const malformed = (field: string, value: string, expected: string): IdentityError =>
  new IdentityError({
    code: 'malformed_identity',
    message: `The ${field} is ${value}. ${expected}`,
    fix: 'Correct the caller: another width would be signed as another message.',
    field,
    value,
  })

const malformedDevice = (field: string, value: string, expected: string): IdentityError =>
  new IdentityError({
    code: 'malformed_device',
    message: `The ${field} is ${value}. ${expected}`,
    fix: 'Take the id from the Devices contract: it is the ERC-721 token id.',
    field,
    value,
  })
