import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { equalBytes, toHex } from '@cairn/protocol'
import { manualClock } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type BundleRow,
  encodeBundleList,
  listSequenceOf,
  railOfListSequence,
  sortBundleRows,
} from '../../bundle/bundle-list.ts'
import { createCoderCache } from '../../slab/coder-cache.ts'
import { type EncodedSlab, encodeSlab, type SlabHead } from '../../slab/encode-slab.ts'
import { type FakeOperators, fakeOperators } from '../../slab/fake-operators.fixture.ts'
import { createOperatorHealth } from '../../slab/operator-health.ts'
import { createSlabReader } from '../../slab/slab-reader.ts'
import { bundleTermsOf } from '../../wire/bundle-agreement.ts'
import { rowHeightOf } from '../../wire/slab-descriptor.ts'
import { openRowStore, type RowStore } from '../store/open-row-store.ts'
import { rebuildBundles } from './rebuild-bundles.ts'

const customer = `0x${'01'.repeat(20)}` as const
const { signal } = new AbortController()

let folder: string
let store: RowStore
let operators: FakeOperators
let errors: unknown[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-rebuild-'))
  store = await openRowStore({ folder, capacityBytes: 2 ** 26, readFreeBytes: async () => 2 ** 40 })
  operators = fakeOperators(6, manualClock())
  errors = []
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

/** Stores a slab of 4/6 over the six operators; device 0 has row 0. */
async function spread(head: Pick<SlabHead, 'kind' | 'sequence'>, bytes: Uint8Array): Promise<EncodedSlab> {
  const coder = createCoderCache()({ dataRows: 4, rows: 6 })
  const slab = await encodeSlab(coder, { ...head, customer }, bytes, bytes.length)
  for (const [row, each] of slab.rows.entries())
    await operators.all[row]!.operator.rows.put(slab, row, each, signal)
  return slab
}
const rowOf = ({ id, slab }: EncodedSlab, row = 0): BundleRow => {
  return { slab: id, row, height: rowHeightOf(slab), root: slab.roots[row]! }
}
/** A bundle of rail 5 with row 0 of so many slabs, and its list with the operators. */
async function bundle(piece: number, slabs: readonly EncodedSlab[], row = 0) {
  const list = { rail: 5n, piece, rows: sortBundleRows(slabs.map((slab) => rowOf(slab, row))) }
  await spread({ kind: 'bundle-list', sequence: listSequenceOf(list) }, encodeBundleList(list))
  return { list, root: toHex(bundleTermsOf(list).root) }
}
const content = (byte: number, size: number) =>
  spread({ kind: 'content', sequence: 0n }, new Uint8Array(size).fill(byte))

async function rebuild(missing: Map<string, number>) {
  const { directory } = operators
  const clock = manualClock()
  const health = createOperatorHealth(() => 0)
  const left: number[] = []
  await rebuildBundles({
    ...{ directory, store, missing, signal, keptUntil: 1_000_000, rail: 9n },
    reader: createSlabReader({ directory, health, clock, onLostRow: () => undefined }),
    isOfRail: (sequence) => railOfListSequence(sequence) === 5n,
    onError: (error) => errors.push(error),
    onBundle: (count) => left.push(count),
  })
  return left
}
/** Device 0 is gone with its disk. */
const lose = () => {
  operators.all[0]!.kept.clear()
  operators.all[0]!.isDead = true
}

test('default: the rows of lost bundles are made from others, and are bundles of the succeeding rail', async () => {
  const slabs = [await content(1, 4_000), await content(2, 300_000), await content(3, 90)]
  const bundles = [await bundle(0, slabs.slice(0, 2)), await bundle(2, slabs.slice(2))]
  const rows = slabs.map((slab) => slab.rows[0]!)
  lose()
  // Piece 1 was removed: what was 2 is 1.
  const missing = new Map(bundles.map(({ root }, piece) => [root, piece]))
  expect(await rebuild(missing)).toEqual([1, 0])
  expect([missing.size, errors.filter(isOurs)]).toEqual([0, []])
  for (const [i, { id }] of slabs.entries()) expect(equalBytes(await store.read(id, 0), rows[i]!)).toBe(true)
  expect((await store.readBundle(9n, 1))!.rows).toEqual(bundles[1]!.list.rows)
  // Kept for its proofs, whatever the promise was.
  expect((await store.collect(2_000_000)).rows).toBe(0)
})

test('behavior: it goes on where it was broken off, and takes a row that somebody made already', async () => {
  const slabs = [await content(1, 4_000), await content(2, 300_000)]
  const { root } = await bundle(0, slabs)
  const again = slabs[0]!.rows[0]!
  lose()
  await operators.all[5]!.operator.rows.put(slabs[0]!, 0, again, signal)
  operators.all[1]!.isDead = true
  operators.all[2]!.kept.delete(`${Buffer.from(slabs[1]!.id).toString('hex')}/2`)
  expect(await rebuild(new Map([[root, 0]]))).toEqual([])
  expect(errors.filter(isOurs)).toMatchObject([{ code: 'too_few_rows' }, { code: 'missing_lists' }])
  expect(store.find(slabs[0]!.id, 0)).toBeDefined()
  operators.all[1]!.isDead = false
  const reads = operators.all[5]!.calls.get
  expect(await rebuild(new Map([[root, 0]]))).toEqual([0])
  expect(operators.all[5]!.calls.get - reads).toBeLessThanOrEqual(2)
})

test('error: a list that is none of the pieces, and operators that lie, are of no account', async () => {
  const slab = await content(1, 4_000)
  const { root } = await bundle(0, [slab])
  await bundle(1, [slab], 3)
  const row = slab.rows[0]!
  lose()
  operators.all[3]!.isLying = true
  const missing = new Map([[root, 0]])
  expect(await rebuild(missing)).toEqual([0])
  expect(equalBytes(await store.read(slab.id, 0), row)).toBe(true)
  expect(store.find(slab.id, 3)).toBeUndefined()
})

/** Not of the operator that is gone. */
const isOurs = (error: unknown) => (error as { code?: string }).code !== undefined
