import { concatBytes, type Hex, keccak256, parseHex } from '@cairn/protocol'
import { wordBytes } from './fields.ts'

/** Where a customer's signatures count: a chain, and the StorageRails contract on it (20 bytes). */
export interface StorageDomain {
  readonly chainId: number | bigint
  readonly verifyingContract: Hex
}

/**
 * Signs a digest of 32 bytes with a secp256k1 key: r ‖ s ‖ v, 65 bytes. viem: `(digest) => account.sign({ hash: toHex(digest) })`.
 */
export type SignDigest = (digest: Uint8Array) => Promise<Uint8Array>

/** The address that signed a digest, 20 bytes in lower case; undefined where the signature is none. */
export type RecoverSigner = (digest: Uint8Array, signature: Uint8Array) => Promise<Hex | undefined>

const domainType = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'

/** The EIP-712 digest of a struct in the domain `Cairn Storage`, version 1. `members` are words of 32 bytes. */
export const deriveStorageDigest = (
  domain: StorageDomain,
  type: string,
  members: readonly Uint8Array[],
): Uint8Array => {
  const contract = parseHex(domain.verifyingContract, 20, 'verifyingContract')
  const separator = keccak256(
    concatBytes(
      keccak256(ascii(domainType)),
      keccak256(ascii('Cairn Storage')),
      keccak256(ascii('1')),
      wordBytes(BigInt(domain.chainId)),
      wordBytes(BigInt(contract)),
    ),
  )
  const struct = keccak256(concatBytes(keccak256(ascii(type)), ...members))
  return keccak256(concatBytes(Uint8Array.of(0x19, 0x01), separator, struct))
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
