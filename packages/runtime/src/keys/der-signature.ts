/**
 * A P-256 signature r ‖ s as the DER structure ECDSA-Sig-Value (RFC 3279 §2.2.3), in the one form that DER allows.
 *
 * Node takes r ‖ s as well, but its own conversion costs a third of a verification.
 *
 * @param signature 64 bytes
 * @returns a part of Node's pool: above 64 bytes, an array of its own memory costs ten times as much
 */
export function derSignature(signature: Uint8Array): Uint8Array {
  const r = integerBytes(signature, 0)
  const s = integerBytes(signature, 32)
  const der = Buffer.allocUnsafe(6 + r + s)
  der[0] = 0x30
  der[1] = 4 + r + s
  writeInteger(der, 2, r, signature, 32)
  writeInteger(der, 4 + r, s, signature, 64)
  return der
}

/** Length of the 32 bytes at `from` as an INTEGER: no zeros in front but the one that keeps it positive. */
function integerBytes(signature: Uint8Array, from: number): number {
  let first = from
  while (first < from + 31 && signature[first] === 0) first++
  return from + 32 - first + (signature[first]! >> 7)
}

function writeInteger(der: Uint8Array, at: number, length: number, signature: Uint8Array, end: number): void {
  der[at] = 0x02
  der[at + 1] = length
  for (let i = 1; i <= length; i++) der[at + 2 + length - i] = i > 32 ? 0 : signature[end - i]!
}
