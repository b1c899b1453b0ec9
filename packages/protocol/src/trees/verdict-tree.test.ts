import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keccak256 } from '../keccak/keccak256.ts'
import { expectChildrenAddUp, expectSame, flipBit, naive, work } from './naive-sum-tree.fixture.ts'
import { treeDepth } from './tree-depth.ts'
import { verdictTags } from './tree-tags.ts'
import {
  buildVerdictTree,
  encodeVerdictEntry,
  type VerdictEntry,
  verifyVerdictProof,
} from './verdict-tree.ts'
import { verdictTop, type WorkLeaf } from './work-tree.ts'

const numRuns = Number(process.env.FUZZ_RUNS ?? 100)

const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const u16 = fc.integer({ min: 0, max: 2 ** 16 - 1 })
const entries: fc.Arbitrary<VerdictEntry[]> = fc
  .uniqueArray(fc.record({ slot: u32, index: u32, observation: u16, reason: u16, work }), {
    selector: ({ slot, index, observation }) => `${slot}/${index}/${observation}`,
    maxLength: 40,
  })
  .map((all) => all.sort((a, b) => a.slot - b.slot || a.index - b.index || a.observation - b.observation))

test('default: a device without entries has the empty leaf', () => {
  expect(buildVerdictTree([])).toMatchObject({ hash: keccak256(Uint8Array.of(0x42)), count: 0 })
})

test('behavior: the builder agrees with a recursive reading of the spec', () => {
  fc.assert(
    fc.property(entries, (all) => {
      const rows = all.map((entry) => ({ bytes: encodeVerdictEntry(entry), amounts: entry.work }))
      expectSame(buildVerdictTree(all), naive(rows, treeDepth(all.length), verdictTags, 4))
      expectChildrenAddUp(buildVerdictTree(all), 0x41)
    }),
    { numRuns },
  )
})

test('behavior: a proof holds under the work leaf of the device, and fails with a bit flipped', () => {
  fc.assert(
    fc.property(
      entries.filter((all) => all.length > 0 && all.length < 17),
      fc.nat(),
      fc.nat(),
      (all, pick, bit) => {
        const small = all.map((entry) => ({ ...entry, work: entry.work.map((each) => each >> 8n) }))
        const tree = buildVerdictTree(small as unknown as VerdictEntry[])
        const leaf: WorkLeaf = {
          index: 3,
          work: tree.sums,
          verdictHash: tree.hash,
          verdictCount: tree.count,
        }
        const position = pick % all.length
        const entry = small[position] as unknown as VerdictEntry
        const proof = {
          top: verdictTop(leaf),
          count: leaf.verdictCount,
          position,
          entry,
          siblings: tree.proof(position),
        }
        expect(verifyVerdictProof(proof)).toBe(true)
        expect(verifyVerdictProof({ ...proof, entry: { ...entry, reason: entry.reason ^ 1 } })).toBe(false)
        expect(verifyVerdictProof({ ...proof, entry: { ...entry, reason: 2 ** 16 } })).toBe(false)
        expect(verifyVerdictProof({ ...proof, position: position + tree.count })).toBe(false)
        if (proof.siblings.length > 0) {
          expect(verifyVerdictProof({ ...proof, siblings: flipBit(proof.siblings, bit) })).toBe(false)
        }
      },
    ),
    { numRuns },
  )
})

test('error: entries out of order, twice, or out of bounds', () => {
  const entry: VerdictEntry = { slot: 1, index: 1, observation: 1, reason: 0, work: [1n, 0n, 0n, 0n] }
  expect(() => buildVerdictTree([entry, entry])).toThrow(/position 1/)
  expect(() => buildVerdictTree([entry, { ...entry, slot: 0, index: 9 }])).toThrow(/position 1/)
  expect(() => buildVerdictTree([{ ...entry, observation: 2 ** 16 }])).toThrow(/observation of a leaf/)
  expect(() => buildVerdictTree([{ ...entry, work: [-1n, 0n, 0n, 0n] }])).toThrow(/work 0 of a leaf/)
})
