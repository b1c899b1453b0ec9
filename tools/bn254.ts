/**
 * BLS signatures on BN254 as drand's evmnet makes them, a second implementation beside contracts/src/libraries/Bn254.sol:
 * for vectors and tests, slow and not constant in time. Curve, pairing and expand_message_xmd are @noble/curves'; only
 * the map to the curve, which it does not have, is written here.
 */
import { keccak256 } from '@cairn/protocol'
import { expand_message_xmd } from '@noble/curves/abstract/hash-to-curve.js'
import { mod, pow } from '@noble/curves/abstract/modular.js'
import { bn254 } from '@noble/curves/bn254.js'

/** A point of G1 by its affine coordinates. */
export interface G1Affine {
  readonly x: bigint
  readonly y: bigint
}

/** EIP-196: the modulus of the field. */
export const fieldOrder = bn254.fields.Fp.ORDER

/** Domain separation tag of drand's scheme bls-bn254-unchained-on-g1. */
export const drandTag = 'BLS_SIG_BN254G1_XMD:KECCAK-256_SVDW_RO_NUL_'

/** Keccak-256 with the bytes of its output and of its blocks, which is all that expand_message_xmd asks for. */
const keccak = Object.assign((data: Uint8Array) => keccak256(data), {
  outputLen: 32,
  blockLen: 136,
}) as unknown as Parameters<typeof expand_message_xmd>[3]

const g = (x: bigint): bigint => mod(x ** 3n + 3n, fieldOrder)
const inverse = (x: bigint): bigint => pow(x, fieldOrder - 2n, fieldOrder)
/** Euler's criterion. */
const isSquare = (x: bigint): boolean => x === 0n || pow(x, (fieldOrder - 1n) / 2n, fieldOrder) === 1n
const root = (x: bigint): bigint => pow(x, (fieldOrder + 1n) / 4n, fieldOrder)

/**
 * Z of RFC 9380, appendix H.1 (find_z_svdw with A = 0 and B = 3): candidates 1, −1, 2, −2, …
 */
export function findZ(): bigint {
  for (let counter = 1n; ; counter++) {
    for (const z of [counter, fieldOrder - counter]) {
      const quotient = mod(-3n * z * z * inverse(4n * g(z)), fieldOrder)
      if (g(z) === 0n || quotient === 0n || !isSquare(quotient)) continue
      if (isSquare(g(z)) || isSquare(g(mod(-z * inverse(2n), fieldOrder)))) return z
    }
  }
}

/** map_to_curve of RFC 9380, section 6.6.1: Shallue and van de Woestijne's, by its definition. */
export function mapToCurve(u: bigint): G1Affine {
  const z = findZ()
  const c1 = g(z)
  const c2 = mod(-z * inverse(2n), fieldOrder)
  const plus = root(mod(-c1 * 3n * z * z, fieldOrder))
  const c3 = plus % 2n === 0n ? plus : fieldOrder - plus
  const c4 = mod(-4n * c1 * inverse(3n * z * z), fieldOrder)
  const tv2 = mod(1n + u * u * c1, fieldOrder)
  const tv1 = mod(1n - u * u * c1, fieldOrder)
  const tv3 = inverse(mod(tv1 * tv2, fieldOrder))
  const tv4 = mod(u * tv1 * tv3 * c3, fieldOrder)
  const xs = [c2 - tv4, c2 + tv4, z + c4 * (tv2 * tv2 * tv3) ** 2n].map((x) => mod(x, fieldOrder))
  const x = xs.find((candidate) => isSquare(g(candidate)))!
  const y = root(g(x))
  return { x, y: (u ^ y) & 1n ? fieldOrder - y : y }
}

/** hash_to_field of RFC 9380, section 5.2: two elements of 48 bytes each. */
export function hashToField(message: Uint8Array, tag: string): [bigint, bigint] {
  const bytes = expand_message_xmd(message, new TextEncoder().encode(tag), 96, keccak)
  return [toField(bytes.subarray(0, 48)), toField(bytes.subarray(48))]
}

/** hash_to_curve of RFC 9380, section 3. */
export function hashToCurve(message: Uint8Array, tag: string): G1Affine {
  const [first, second] = hashToField(message, tag).map((u) => bn254.G1.Point.fromAffine(mapToCurve(u)))
  return first!.add(second!).toAffine()
}

/** What drand signs for a round: the hash of its number as u64. */
export function roundMessage(round: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, round)
  return keccak256(bytes)
}

/** Whether the 64 bytes are the signature of the key, 128 bytes with imaginary parts first, over the message. */
export function verifySignature(
  signature: Uint8Array,
  publicKey: Uint8Array,
  message: Uint8Array,
  tag: string,
): boolean {
  const [x, y] = words(signature)
  const [x1, x0, y1, y0] = words(publicKey)
  const signed = bn254.G1.Point.fromAffine({ x: x!, y: y! })
  const key = bn254.G2.Point.fromAffine({
    x: bn254.fields.Fp2.fromBigTuple([x0!, x1!]),
    y: bn254.fields.Fp2.fromBigTuple([y0!, y1!]),
  })
  signed.assertValidity()
  key.assertValidity()
  const product = bn254.pairingBatch([
    { g1: signed.negate(), g2: bn254.G2.Point.BASE },
    { g1: bn254.G1.Point.fromAffine(hashToCurve(message, tag)), g2: key },
  ])
  return bn254.fields.Fp12.eql(product, bn254.fields.Fp12.ONE)
}

/** A key's 128 bytes, imaginary parts first, and its signature over a message. */
export function signWith(secret: bigint, message: Uint8Array, tag: string): G1Affine {
  return bn254.G1.Point.fromAffine(hashToCurve(message, tag)).multiply(secret).toAffine()
}

/** The public key of a secret: four words, imaginary parts first. */
export function publicKeyOf(secret: bigint): [bigint, bigint, bigint, bigint] {
  const { x, y } = bn254.G2.Point.BASE.multiply(secret).toAffine()
  return [x.c1, x.c0, y.c1, y.c0]
}

/** A point of the twist that G2 is a part of, in no part of G2: four words, imaginary parts first. */
export function pointOutsideG2(): [bigint, bigint, bigint, bigint] {
  const { Fp2 } = bn254.fields
  // EIP-197: the twist is y² = x³ + 3 / (i + 9).
  const b = Fp2.div(Fp2.fromBigTuple([3n, 0n]), Fp2.fromBigTuple([9n, 1n]))
  for (let real = 1n; ; real++) {
    const x = Fp2.fromBigTuple([real, 0n])
    const square = Fp2.add(Fp2.pow(x, 3n), b)
    if (!Fp2.eql(Fp2.pow(square, (Fp2.ORDER - 1n) / 2n), Fp2.ONE)) continue
    const y = Fp2.sqrt(square)
    const point = bn254.G2.Point.fromAffine({ x, y })
    if (!point.isTorsionFree()) return [x.c1, x.c0, y.c1, y.c0]
  }
}

function words(bytes: Uint8Array): bigint[] {
  return Array.from({ length: bytes.length / 32 }, (_, i) => toInteger(bytes.subarray(32 * i, 32 * (i + 1))))
}

function toField(bytes: Uint8Array): bigint {
  return toInteger(bytes) % fieldOrder
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}
