import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fromHex, type Hex } from '@cairn/protocol'
import { describe, expect, test } from 'vitest'
import {
  drandTag,
  fieldOrder,
  findZ,
  hashToCurve,
  mapToCurve,
  roundMessage,
  verifySignature,
} from './bn254.ts'

const drand = JSON.parse(readFileSync('specs/vectors/drand.json', 'utf8')) as {
  tag: string
  publicKey: Hex
  rounds: { round: string; signature: Hex; randomness: Hex }[]
  hashes: { tag: string; message: Hex; point: Hex }[]
}
const publicKey = fromHex(drand.publicKey)
const hex = (value: bigint): string => value.toString(16).padStart(64, '0')

describe('hashToCurve', () => {
  test("default: others' points", () => {
    expect(drand.hashes.length).toBe(3)
    for (const { tag, message, point } of drand.hashes) {
      const { x, y } = hashToCurve(fromHex(message), tag)
      expect(`0x${hex(x)}${hex(y)}`).toBe(point)
    }
  })
})

describe('mapToCurve', () => {
  test('behavior: whatever it is given, the point is on the curve and y has its parity', () => {
    expect(findZ()).toBe(1n)
    const half = (fieldOrder + 1n) / 2n
    for (const u of [0n, 1n, 2n, 3n, half, fieldOrder - half, fieldOrder - 1n, 2n ** 200n + 7n]) {
      const { x, y } = mapToCurve(u)
      expect((y * y - x * x * x - 3n) % fieldOrder).toBe(0n)
      expect(y & 1n).toBe(u & 1n)
    }
  })
})

describe('verifySignature', () => {
  test('default: public rounds of evmnet', () => {
    expect(drand.tag).toBe(drandTag)
    for (const { round, signature, randomness } of drand.rounds) {
      const bytes = fromHex(signature)
      expect(verifySignature(bytes, publicKey, roundMessage(BigInt(round)), drand.tag)).toBe(true)
      expect(`0x${createHash('sha256').update(bytes).digest('hex')}`).toBe(randomness)
    }
  })

  test('error: another round', () => {
    const { round, signature } = drand.rounds[0]!
    const message = roundMessage(BigInt(round) + 1n)
    expect(verifySignature(fromHex(signature), publicKey, message, drand.tag)).toBe(false)
  })
})
