import { hkdfSync } from 'node:crypto'

/** The order of secp256k1 (SEC 2, version 2.0, section 2.4.1). */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
/** 16 more than a key has, so that no key is likelier than another by more than 2⁻¹²⁸ (FIPS 186-5, A.2.1). */
const drawnBytes = 48

/**
 * The customer's signing key of a root key (spec 10, Journal): a private key of secp256k1, 32 bytes. Whoever has the root key has it too; it opens no content.
 *
 * @param rootKey 32 bytes
 */
export function deriveSignerSecret(rootKey: Uint8Array): Uint8Array {
  const drawn = hkdfSync('sha256', rootKey, new Uint8Array(0), 'cairn.storage.signer.v1', drawnBytes)
  const secret = (BigInt(`0x${Buffer.from(drawn).toString('hex')}`) % (order - 1n)) + 1n
  return new Uint8Array(Buffer.from(secret.toString(16).padStart(64, '0'), 'hex'))
}
