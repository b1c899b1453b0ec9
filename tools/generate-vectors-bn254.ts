import {
  drandTag,
  fieldOrder,
  hashToCurve,
  hashToField,
  mapToCurve,
  pointOutsideG2,
  publicKeyOf,
  signWith,
} from './bn254.ts'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const word = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`
const textOf = (i: number): Uint8Array => new TextEncoder().encode('cairn vector '.repeat(i))

/** Elements of the field at the map's corners (0, ±1/2 where it has no inverse, the last one), and a spread of others. */
const corners = [0n, 1n, 2n, (fieldOrder + 1n) / 2n, (fieldOrder - 1n) / 2n, fieldOrder - 1n]

/** A key for vectors and nothing else. */
const secret = 0x6361_6972_6e20_7665_6374_6f72_206b_6579n

/** BN254: what tools/bn254.ts makes of messages and field elements, for contracts/src/libraries/Bn254.sol. */
export async function generate(): Promise<GeneratedFile[]> {
  return [
    vectorFile('bn254', {
      tag: drandTag,
      maps: [...corners, ...Array.from({ length: 26 }, (_, i) => 7n ** BigInt(3 * i + 3) % fieldOrder)].map(
        describeMap,
      ),
      hashes: Array.from({ length: 12 }, (_, i) => describeHash(textOf(i))),
      secret: word(secret),
      publicKey: publicKeyOf(secret).map(word),
      outsideG2: pointOutsideG2().map(word),
      signatures: [0, 3].map((i) => {
        const { x, y } = signWith(secret, textOf(i), drandTag)
        return { message: toHex(textOf(i)), x: word(x), y: word(y) }
      }),
    }),
  ]
}

function describeMap(u: bigint) {
  const { x, y } = mapToCurve(u)
  return { u: word(u), x: word(x), y: word(y) }
}

function describeHash(message: Uint8Array) {
  const [u0, u1] = hashToField(message, drandTag)
  const { x, y } = hashToCurve(message, drandTag)
  return { message: toHex(message), u0: word(u0), u1: word(u1), x: word(x), y: word(y) }
}

function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
