import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { derivePiece } from '../piece/piece-hasher.ts'
import { derivePiecePathOf, verifyPiecePath } from '../piece/piece-path.ts'
import { type BundleRow, sortBundleRows } from './bundle-list.ts'
import { deriveBundle, deriveBundlePath, findBundleLeaf } from './derive-bundle.ts'

/** Rows of given lengths, sorted, with their bytes. */
const rowsOf = (lengths: readonly number[]) => {
  const data = new Map<BundleRow, Uint8Array>()
  const rows = lengths.map((length, i) => {
    const bytes = patterned(length, i + 1)
    const { height, root } = derivePiece(bytes)
    const row: BundleRow = { slab: patterned(32, i + 101), row: i % 256, height, root }
    data.set(row, bytes)
    return row
  })
  return { rows: sortBundleRows(rows), bytesOf: (row: BundleRow) => data.get(row)! }
}

/** The root over all leaves, one by one: what the contract's words say, slowly. */
const rootOfLeaves = (leaves: readonly Uint8Array[], height: number): Uint8Array => {
  let layer = Array.from({ length: 2 ** height }, (_, i) => leaves[i] ?? new Uint8Array(32))
  while (layer.length > 1) {
    layer = Array.from({ length: layer.length / 2 }, (_, i) => parentOf(layer[2 * i]!, layer[2 * i + 1]!))
  }
  return layer[0]!
}

test('default: the root is that of the rows one after another, padded with zeros', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 9 }), (lengths) => {
      const { rows, bytesOf } = rowsOf(lengths)
      const leaves = rows.flatMap((row) =>
        Array.from({ length: 2 ** row.height }, (_, i) => derivePiecePathOf(bytesOf(row), i).leaf),
      )
      const bundle = deriveBundle(rows)
      expect(bundle.leaves).toBe(leaves.length)
      expect(bundle.root).toEqual(rootOfLeaves(leaves, bundle.height))
    }),
    { numRuns: 25 },
  )
})

test('default: every leaf has a path to the root, of the height of the tree', () => {
  const { rows, bytesOf } = rowsOf([300, 1, 1, 900, 127, 128, 64_000, 2_000, 5])
  const bundle = deriveBundle(rows)
  for (let leaf = 0; leaf < bundle.leaves; leaf += leaf < 2_000 ? 37 : 1) {
    const place = findBundleLeaf(bundle, leaf)!
    const own = derivePiecePathOf(bytesOf(rows[place.position]!), place.leaf)
    const found = deriveBundlePath(bundle, place.position, own)
    expect([found.index, found.path.length]).toEqual([leaf, bundle.height])
    expect(verifyPiecePath(bundle.root, found.leaf, leaf, found.path)).toBe(true)
  }
})

test('behavior: a bundle of one row is its piece; each row stands at a multiple of its size', () => {
  const { rows } = rowsOf([1_000])
  expect(deriveBundle(rows)).toMatchObject({ root: rows[0]!.root, leaves: 2 ** rows[0]!.height })
  const many = rowsOf([1, 200, 3_000, 40, 500, 1, 70_000])
  deriveBundle(many.rows).places.forEach((place, i) => {
    expect(place % 2 ** many.rows[i]!.height).toBe(0)
  })
})

test('behavior: padding and what is beyond are no leaves', () => {
  const bundle = deriveBundle(rowsOf([1, 1, 1]).rows)
  expect([bundle.leaves, bundle.height]).toEqual([12, 4])
  expect(findBundleLeaf(bundle, 11)).toEqual({ position: 2, leaf: 3 })
  for (const leaf of [-1, 12, 16, 1.5, Number.NaN]) expect(findBundleLeaf(bundle, leaf)).toBeUndefined()
})

const parentOf = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const digest = new Uint8Array(createHash('sha256').update(left).update(right).digest())
  digest[31]! &= 0x3f
  return digest
}
