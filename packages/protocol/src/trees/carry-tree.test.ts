import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes, concatBytes, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import {
  buildCarryTree,
  type CarryEntry,
  carryLeaf,
  encodeCarryEntry,
  verifyCarryProof,
} from './carry-tree.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 100)
const entries: fc.Arbitrary<CarryEntry[]> = fc
  .uniqueArray(
    fc.record({
      key: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      lastEpoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      value: fc.uint8Array({ maxLength: 1024 }),
    }),
    { selector: ({ key }) => toHex(key), minLength: 1, maxLength: 20 },
  )
  .map((all) => all.sort((a, b) => compareBytes(a.key, b.key)))

const entry: CarryEntry = { key: new Uint8Array(32).fill(1), lastEpoch: 258, value: Uint8Array.of(9) }

test('default: a leaf hashes tag, key, epoch and value; no entry is the empty leaf', () => {
  const preimage = concatBytes(Uint8Array.of(0x50), entry.key, Uint8Array.of(0, 0, 1, 2, 9))
  expect(carryLeaf(entry)).toEqual(keccak256(preimage))
  expect(buildCarryTree([entry]).root).toEqual(keccak256(preimage))
  expect(buildCarryTree([]).root).toEqual(keccak256(Uint8Array.of(0x52)))
})

test('behavior: every proof holds, and fails for a changed entry or position', () => {
  fc.assert(
    fc.property(entries, fc.nat(), (all, pick) => {
      const tree = buildCarryTree(all)
      const position = pick % all.length
      const { root, count } = tree
      const proof = { root, count, position, entry: all[position]!, siblings: tree.proof(position) }
      expect(verifyCarryProof(proof)).toBe(true)
      expect(tree.leafBytes(position)).toEqual(encodeCarryEntry(proof.entry))
      const { value, lastEpoch } = proof.entry
      const at = pick % Math.max(value.length, 1)
      const changed = value.length === 0 ? Uint8Array.of(0) : value.with(at, value[at]! ^ 1)
      expect(verifyCarryProof({ ...proof, entry: { ...proof.entry, value: changed } })).toBe(false)
      expect(
        verifyCarryProof({ ...proof, entry: { ...proof.entry, lastEpoch: (lastEpoch ^ 1) >>> 0 } }),
      ).toBe(false)
      expect(verifyCarryProof({ ...proof, position: position + 1 })).toBe(false)
    }),
    { numRuns },
  )
})

test('behavior: empty leaves have no bytes', () => {
  const third = { ...entry, key: new Uint8Array(32).fill(3) }
  const tree = buildCarryTree([entry, { ...entry, key: new Uint8Array(32).fill(2) }, third])
  expect(tree.leafBytes(3)).toEqual(new Uint8Array())
  expect(() => tree.leafBytes(4)).toThrow(/Position 4/)
})

test('error: keys out of order or twice, fields out of bounds', () => {
  expect(() => buildCarryTree([entry, entry])).toThrow(/not above the one before/)
  expect(() => buildCarryTree([entry, { ...entry, key: new Uint8Array(32) }])).toThrow(/position 1/)
  expect(() => carryLeaf({ ...entry, key: new Uint8Array(31) })).toThrow(/31 bytes/)
  expect(() => carryLeaf({ ...entry, value: new Uint8Array(1025) })).toThrow(/1025 bytes/)
  expect(() => carryLeaf({ ...entry, lastEpoch: -1 })).toThrow(/lastEpoch/)
})
