import { mkdtemp, open, readdir, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { concatBytes, equalBytes } from '@cairn/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BundleRow, sortBundleRows } from '../../bundle/bundle-list.ts'
import { derivePiecePath, derivePieceSegment, verifyPiecePath } from '../../piece/piece-path.ts'
import { derivePieceHeight } from '../../piece/piece-size.ts'
import { type NewRow, openRowStore, type RowStore, type RowStoreOptions } from './open-row-store.ts'
import { encodeRecord, type RowMeta } from './record.ts'
import { removeIndex } from './row-index.ts'
import { testCustomerAddress, testRow } from './test-rows.fixture.ts'

let folder: string
let store: RowStore
const settings: Omit<RowStoreOptions, 'folder'> = {
  capacityBytes: 2 ** 26,
  readFreeBytes: async () => 2 ** 40,
}
const reopen = async (change: Partial<RowStoreOptions> = {}) => {
  await store?.close()
  store = await openRowStore({ folder, ...settings, ...change })
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-rows-'))
  store = await openRowStore({ folder, ...settings })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const isHere = async ({ slab, row, bytes }: NewRow) => equalBytes(await store.read(slab, row), bytes)
const bundleRowOf = ({ slab, row, bytes }: NewRow): BundleRow => {
  const { root } = store.find(slab, row)!
  return { slab, row, height: derivePieceHeight(bytes.length), root }
}
const lastVolume = async () =>
  join(folder, 'volumes', (await readdir(join(folder, 'volumes'))).sort().at(-1)!)

test('default: rows come back whole and by range, after a start, and without the index', async () => {
  const rows = [1, 100, 16_384, 16_385, 70_000, 520_192].map((size, i) => testRow(i, size))
  await Promise.all(rows.map((row) => store.put(row)))
  for (const again of [
    () => {},
    () => reopen(),
    () =>
      store
        .close()
        .then(() => removeIndex(folder))
        .then(() => openRowStore({ folder, ...settings }))
        .then((opened) => {
          store = opened
        }),
  ]) {
    await again()
    for (const row of rows) {
      expect(await isHere(row)).toBe(true)
      expect(equalBytes(await store.readDescriptor(row.slab), row.descriptor)).toBe(true)
      for (const [from, to] of [
        [0, 1],
        [50, 60],
        [16_383, 16_386],
        [40_000, 50_000],
        [65_000, 600_000],
      ] as const) {
        expect(equalBytes(await store.read(row.slab, 0, from, to), row.bytes.subarray(from, to))).toBe(true)
      }
    }
  }
  expect(await store.usage()).toMatchObject({
    rows: 6,
    rowBytes: rows.reduce((sum, { bytes }) => sum + bytes.length, 0),
  })
})

test('behavior: the same row again changes nothing, and keeps its promise', async () => {
  const row = testRow(1)
  expect(await store.put(row)).toBe(1_000_000)
  const { usedBytes } = await store.usage()
  expect(await store.put({ ...row, keptUntil: 1_000_500 })).toBe(1_000_000)
  expect((await store.usage()).usedBytes).toBe(usedBytes)
  expect(await store.put({ ...row, keptUntil: 2_000_000 })).toBe(2_000_000)
})

test('behavior: a listing has what is not released, by sequence, page by page', async () => {
  await Promise.all([5, 3, 9, 1].map((seed) => store.put(testRow(seed))))
  await store.release(testRow(3).slab, 0)
  const page = store.list(testCustomerAddress, 'journal', undefined, 2)
  expect(page.map(({ sequence }) => sequence)).toEqual([1n, 5n])
  expect(store.list(testCustomerAddress, 'journal', page[1], 2).map(({ sequence }) => sequence)).toEqual([9n])
  expect(store.list(testCustomerAddress, 'content', undefined, 2)).toEqual([])
})

test('behavior: leaves of a row are proven from one segment of it', async () => {
  const row = testRow(4, 200_000)
  await store.put(row)
  const { index, read } = await store.openPiece(row.slab, 0)
  for (const leaf of [0, 5_000, 2 ** index.height - 1]) {
    const path = derivePiecePath(index, leaf, await read(derivePieceSegment(index, leaf)))
    expect(verifyPiecePath(index.root, path.leaf, leaf, path.path)).toBe(true)
  }
})

test('behavior: rows past their end or released go, those of a bundle stay until it is dropped', async () => {
  const [over, wanted, released, bundled] = [testRow(1, 300, 50), testRow(2), testRow(3), testRow(4, 300, 50)]
  for (const row of [over, wanted, released, bundled]) await store.put(row)
  await store.addBundle({ rail: 1n, piece: 0, rows: [bundleRowOf(bundled)] })
  await store.release(released.slab, 0)
  await store.release(bundled.slab, 0)
  expect((await store.collect(100)).rows).toBe(2)
  expect([over, wanted, released, bundled].map(({ slab }) => store.find(slab, 0) !== undefined)).toEqual([
    false,
    true,
    false,
    true,
  ])
  await store.close()
  removeIndex(folder)
  store = await openRowStore({ folder, ...settings })
  expect((await store.collect(100)).rows).toBe(0)
  expect(store.find(over.slab, 0)).toBeUndefined()
  expect((await store.readBundle(1n, 0))!.rows.length).toBe(1)
  await store.dropBundle(1n, 0)
  expect((await store.collect(100)).rows).toBe(1)
})

test('behavior: volumes that are mostly dead are emptied, and nothing comes back from them', async () => {
  await reopen({ volumeBytes: 10_000 })
  const rows = Array.from({ length: 100 }, (_, i) => testRow(i, 500, i % 4 === 0 ? 1_000 : 50))
  for (const row of rows) await store.put(row)
  const before = (await store.usage()).usedBytes
  expect(await store.collect(100)).toMatchObject({ rows: 75 })
  await store.collect(100)
  expect((await store.usage()).usedBytes).toBeLessThan(before / 2)
  await store.close()
  removeIndex(folder)
  store = await openRowStore({ folder, ...settings, volumeBytes: 10_000 })
  for (const [i, row] of rows.entries()) {
    if (i % 4 === 0) expect(await isHere(row)).toBe(true)
    else expect(store.find(row.slab, 0)).toBeUndefined()
  }
})

test('behavior: a torn end is cut off, whatever of it was written', async () => {
  const [kept, torn] = [testRow(1), testRow(2)]
  await store.put(kept)
  const path = await lastVolume()
  const { size } = await stat(path)
  await store.put(torn)
  const whole = (await stat(path)).size
  await store.close()
  for (let end = whole - 1; end > size; end -= 97) {
    await truncate(path, end)
    removeIndex(folder)
    store = await openRowStore({ folder, ...settings })
    expect([await isHere(kept), store.find(torn.slab, 0), (await stat(path)).size]).toEqual([
      true,
      undefined,
      size,
    ])
    await store.put(torn)
    expect(await isHere(torn)).toBe(true)
    await store.close()
  }
  store = await openRowStore({ folder, ...settings })
})

test('error: a damaged row is told, the ranges beside the damage are served', async () => {
  const row = testRow(1, 100_000)
  await store.put(row)
  const { offset, metaBytes } = store.find(row.slab, 0)!
  const file = await open(await lastVolume(), 'r+')
  await file.write(Uint8Array.of(row.bytes[50_000]! ^ 1), 0, 1, offset + 20 + metaBytes + 50_000)
  await file.close()
  await expect(store.read(row.slab, 0)).rejects.toMatchObject({ code: 'damaged_row' })
  expect(equalBytes(await store.read(row.slab, 0, 0, 40_000), row.bytes.subarray(0, 40_000))).toBe(true)
  await expect(store.read(testRow(9).slab, 0)).rejects.toMatchObject({ code: 'no_such_row' })
})

/** Writes bytes over a place of the last volume. */
const overwrite = async (at: number, bytes: Uint8Array) => {
  const file = await open(await lastVolume(), 'r+')
  await file.write(bytes, 0, bytes.length, at)
  await file.close()
}
const reopenWithoutIndex = async () => {
  await store.close()
  removeIndex(folder)
  store = await openRowStore({ folder, ...settings })
}

test('behavior: damage in the last volume costs its row alone, and what is behind it stays', async () => {
  const rows = [1, 2, 3, 4, 5].map((seed) => testRow(seed, 40_000))
  for (const row of rows) await store.put(row)
  const [, second, , fourth] = rows.map(({ slab }) => store.find(slab, 0)!)
  const { size } = await stat(await lastVolume())
  await overwrite(second!.offset + 20 + second!.metaBytes + 20_000, Uint8Array.of(0xa5))
  await overwrite(fourth!.offset + 16, Uint8Array.of(0xa5))
  await reopenWithoutIndex()
  expect((await stat(await lastVolume())).size).toBe(size)
  expect(store.unreadableBytes).toBe(20 + fourth!.metaBytes + fourth!.dataBytes)
  for (const i of [0, 2, 4]) expect(await isHere(rows[i]!)).toBe(true)
  await expect(store.read(rows[1]!.slab, 0)).rejects.toMatchObject({ code: 'damaged_row' })
  await expect(store.read(rows[3]!.slab, 0)).rejects.toMatchObject({ code: 'no_such_row' })
  // A receipt is for what can be read: both are written anew.
  for (const i of [1, 3]) {
    await store.put(rows[i]!)
    expect(await isHere(rows[i]!)).toBe(true)
  }
})

test('error: bytes of a customer that look like records behind a damaged head say nothing of other rows', async () => {
  const [victim, kept] = [testRow(1, 5_000), testRow(3, 5_000)]
  await store.put(victim)
  const gone = encodeRecord({ type: 'gone', slab: victim.slab, row: 0, volume: 1, offset: 2 ** 40 }, 0)
  const forged = encodeRecord({ ...victim, type: 'row', bytes: undefined, sums: [7] } as RowMeta, 10)
  const attack = testRow(2, 20_000, 1_000_000, concatBytes(gone, gone, forged, gone))
  await store.put(attack)
  await store.put(kept)
  await overwrite(store.find(attack.slab, 0)!.offset, new Uint8Array(20))
  await reopenWithoutIndex()
  expect([await isHere(victim), await isHere(kept)]).toEqual([true, true])
  expect(store.find(attack.slab, 0)).toBeUndefined()
})

test('error: no room by the limit or on the disk, and what is here stays readable', async () => {
  const row = testRow(1, 10_000)
  await store.put(row)
  await reopen({ capacityBytes: 20_000 })
  await expect(store.put(testRow(2, 10_000))).rejects.toMatchObject({ code: 'store_full' })
  await reopen({ readFreeBytes: async () => 64 * 2 ** 20 + 10_000 })
  await expect(store.put(testRow(2, 10_000))).rejects.toMatchObject({ code: 'disk_full' })
  expect(await isHere(row)).toBe(true)
})

test('error: a bundle with a row that is not here as it says', async () => {
  const row = testRow(1)
  await store.put(row)
  const right = bundleRowOf(row)
  for (const wrong of [{ slab: testRow(2).slab }, { root: testRow(2).bytes.slice(0, 32) }, { height: 9 }]) {
    const rows = sortBundleRows([right, { ...right, row: 1 }, { ...right, ...wrong }])
    await expect(store.addBundle({ rail: 1n, piece: 0, rows })).rejects.toMatchObject({ code: 'row_differs' })
  }
  expect(store.bundles()).toEqual([])
})

test('error: a second store in the same folder', async () => {
  await expect(openRowStore({ folder, ...settings })).rejects.toMatchObject({ code: 'folder_in_use' })
})
