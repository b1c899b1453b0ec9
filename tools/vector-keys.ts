/**
 * Keys for vectors and nothing else: they are published, so whatever they hold is lost. Signatures are deterministic
 * (RFC 6979), so the vectors are the same whenever they are written.
 */
import { createHash } from 'node:crypto'
import { type DeviceKey, type Hex, keccak256, lowS, parseNetworkId, toHex } from '@cairn/protocol'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'

/** SHA-256 for the functions of the protocol that take one. */
export const sha256 = (data: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(data).digest())

/** The P-256 private key of RFC 6979, appendix A.2.5. */
const deviceSecret = bytes('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721')
/** The key to rotate to: the hash of its own name. */
const rotatedSecret = keccak256(new TextEncoder().encode('cairn vector key: rotated device'))
/** The secp256k1 private key of the first account of the mnemonic "test test … junk", which anvil prints when it starts. */
const ingestSecret = bytes('ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
/** The second account of the same mnemonic. */
const makerSecret = bytes('59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')

/** A device: its public key, and ES256 over a message with low s. */
export interface VectorDevice {
  readonly key: DeviceKey
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** An account: its address, and secp256k1 over a digest, r ‖ s ‖ v with v 27 or 28. */
export interface VectorAccount {
  readonly address: Hex
  readonly signDigest: (digest: Uint8Array) => Uint8Array
}

const device = (secret: Uint8Array): VectorDevice => {
  const point = p256.getPublicKey(secret, false)
  return {
    key: { x: point.slice(1, 33), y: point.slice(33) },
    sign: (message) => lowS(p256.sign(sha256(message), secret, { prehash: false, lowS: true })),
  }
}

const account = (secret: Uint8Array): VectorAccount => ({
  address: toHex(keccak256(secp256k1.getPublicKey(secret, false).slice(1)).slice(12)),
  signDigest: (digest) => {
    const [recovery, ...rest] = secp256k1.sign(digest, secret, {
      prehash: false,
      lowS: true,
      format: 'recovered',
    })
    return Uint8Array.from([...rest, 27 + recovery!])
  },
})

/** A network's device, its next key, an ingest and a maker. */
export const vectorKeys = {
  device: device(deviceSecret),
  rotated: device(rotatedSecret),
  ingest: account(ingestSecret),
  maker: account(makerSecret),
}

/** The network of the vectors, which no chain has. */
export const vectorNetwork = parseNetworkId(
  toHex(keccak256(new TextEncoder().encode('cairn vector network')).slice(0, 28)),
)

/** The file's content: two spaces, a line feed at the end. */
export const vectorFile = (name: string, value: object): { path: string; content: string } => ({
  path: `specs/vectors/${name}.json`,
  content: `${JSON.stringify(value, null, 2)}\n`,
})

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
