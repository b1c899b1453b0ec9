import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cataloguePath, type Database, openDatabase } from '../gateway/catalogue/open-database.ts'
import { createByteBudget } from '../slab/byte-budget.ts'
import { type FakeOperators, fakeOperators } from '../slab/fake-operators.fixture.ts'
import { findSlabs } from '../slab/find-slabs.ts'
import { createOperatorHealth } from '../slab/operator-health.ts'
import { openSlabIndex, type SlabIndex, slabIndexPath } from '../slab/slab-index.ts'
import { createSlabReader } from '../slab/slab-reader.ts'
import { createSlabWriter } from '../slab/slab-writer.ts'
import { deriveJournalKey, openPart, sealPart } from './journal-part.ts'
import { openJournal } from './open-journal.ts'
import { restoreDatabases } from './restore-databases.ts'

const key = deriveJournalKey(new Uint8Array(32).fill(7))
const clock = systemClock()
const never = new AbortController().signal

let folder: string
let operators: FakeOperators
let opened: (Database | SlabIndex)[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-journal-'))
  operators = fakeOperators(8, clock)
  opened = []
})
afterEach(() => {
  for (const each of opened) each.close()
  rmSync(folder, { recursive: true })
})

const means = () => {
  const { directory } = operators
  const health = createOperatorHealth(clock.now)
  return { directory, health, clock }
}
/** A catalogue and its journal; an entry is a bucket. */
async function start({ isNew = true, mostEntries = 1_000, name = 'first' } = {}) {
  const [catalogue, index] = [openDatabase(mkdirOf(name)), openSlabIndex(mkdirOf(name))]
  opened.push(catalogue, index)
  const writer = createSlabWriter({
    ...means(),
    customer: `0x${'11'.repeat(20)}`,
    rules: { rowsPerOperator: 1 },
    code: { dataRows: 4, rows: 6 },
    budget: createByteBudget(2 ** 26),
    random: randomBytes,
    onStray: () => undefined,
  })
  const journal = await openJournal({
    ...{ folder: mkdirOf(name), key, index, isNew, writer, mostEntries, random: randomBytes },
    catalogue: catalogue.track(),
    slabs: index.track(),
    onError: () => undefined,
  })
  const add = async (bucket: string) => {
    catalogue.run('insert into buckets values (?, 0, ?)', bucket, 'Off')
    await journal.flush()
  }
  return { catalogue, index, journal, add }
}
const mkdirOf = (name: string) => {
  const path = join(folder, name)
  openSlabIndex(path).close()
  return path
}

async function restore(name = 'restored') {
  const found = await findSlabs(operators.directory, ['checkpoint', 'journal'], never, () => undefined)
  const target = join(folder, name)
  const restored = await restoreDatabases({
    ...{ found, key, directory: operators.directory, signal: never },
    reader: createSlabReader({ ...means(), onLostRow: () => undefined }),
    paths: { catalogue: cataloguePath(target), slabs: slabIndexPath(target) },
    createTables: () => {
      openSlabIndex(target).close()
      openDatabase(target).close()
    },
    onError: () => undefined,
  })
  const database = openDatabase(target)
  opened.push(database)
  const buckets = [...database.iterate('select name from buckets order by name')].map((row) => row.name)
  return { ...restored, buckets }
}

test('default: many entries become a checkpoint, and what it stands for is to be deleted', async () => {
  const { add, journal, index } = await start({ mostEntries: 3 })
  for (const bucket of ['a', 'b', 'c']) await add(bucket)
  await journal.compact()
  await add('d')
  expect(
    index
      .journalSlabs()
      .map(({ kind }) => kind)
      .sort(),
  ).toEqual(['checkpoint', 'journal'])
  expect(index.deletions()).toHaveLength(18)
  expect(await restore()).toMatchObject({ checkpoint: 4n, entries: 1, buckets: ['a', 'b', 'c', 'd'] })
})

test('default: changes that come together share an entry, and nothing makes none', async () => {
  const { add, journal, index } = await start()
  await Promise.all(['a', 'b', 'c', 'd', 'e'].map(add))
  await journal.flush()
  expect(index.journalSlabs().length).toBeLessThanOrEqual(2)
  expect((await restore()).buckets).toEqual(['a', 'b', 'c', 'd', 'e'])
})

test('an entry that operators did not take is an error, and is in the next', async () => {
  const { add, index } = await start()
  await add('a')
  for (const operator of operators.all) operator.isRefusing = true
  await expect(add('b')).rejects.toMatchObject({ code: 'too_few_operators' })
  for (const operator of operators.all) operator.isRefusing = false
  // Who refused is left alone for a while.
  let tries = 0
  const isAdded = () => {
    tries += 1
    return add(`c${tries}`).then(
      () => true,
      () => false,
    )
  }
  await expect.poll(isAdded, { timeout: 10_000 }).toBe(true)
  const { buckets } = await restore()
  expect(buckets.slice(0, 2)).toEqual(['a', 'b'])
  expect(index.journalSlabs().length).toBeGreaterThanOrEqual(2)
})

test('after an orderly end it goes on, after another it begins with a checkpoint', async () => {
  const first = await start()
  await first.add('a')
  await first.journal.close()
  const second = await start({ isNew: false })
  await second.add('b')
  expect(await restore('one')).toMatchObject({ checkpoint: undefined, buckets: ['a', 'b'] })
  const third = await start({ isNew: false })
  await third.add('c')
  expect(await restore('two')).toMatchObject({ entries: 1, buckets: ['a', 'b', 'c'] })
})

test('with too few operators it opens, and the first change waits for the checkpoint', async () => {
  const first = await start()
  await first.add('a')
  const { all } = operators
  for (const operator of all) operator.isRefusing = true
  const second = await start({ isNew: false })
  await expect(second.add('b')).rejects.toMatchObject({ code: 'too_few_operators' })
  for (const operator of all) operator.isRefusing = false
  const isFlushed = () =>
    second.journal.flush().then(
      () => true,
      () => false,
    )
  await expect.poll(isFlushed, { timeout: 10_000 }).toBe(true)
  expect(await restore()).toMatchObject({ entries: 0, buckets: ['a', 'b'] })
})

test('error: a hole, and nothing at all', async () => {
  await expect(restore()).rejects.toMatchObject({ code: 'nothing_to_restore' })
  const { add, index } = await start()
  for (const bucket of ['a', 'b', 'c']) await add(bucket)
  index.removeNumbered({ kind: 'journal', sequence: 2n })
  for (const { slab, row, device } of index.deletions())
    await operators.directory.find(device)!.rows.delete(slab, row, never)
  await expect(restore()).rejects.toMatchObject({ code: 'journal_hole', value: '2' })
})

test('error: a part that was changed, of another kind or under another key is none', () => {
  const part = {
    run: new Uint8Array(8),
    sequence: 5n,
    previous: 4n,
    part: 1,
    parts: 3,
    bytes: Uint8Array.of(9),
  }
  const sealed = sealPart(key, 'journal', part, new Uint8Array(12))
  expect(openPart(key, 'journal', sealed)).toEqual(part)
  expect(openPart(key, 'checkpoint', sealed)).toBeUndefined()
  expect(openPart(deriveJournalKey(new Uint8Array(32)), 'journal', sealed)).toBeUndefined()
  for (let at = 0; at < sealed.length; at++) {
    const changed = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte))
    expect(openPart(key, 'journal', changed)).toBeUndefined()
  }
  expect(openPart(key, 'journal', sealed.subarray(0, 20))).toBeUndefined()
})
