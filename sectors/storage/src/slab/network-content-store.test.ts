import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@cairn/runtime'
import { expect, test } from 'vitest'
import type { ErasureCode } from '../erasure/erasure-code.ts'
import { createByteBudget } from './byte-budget.ts'
import { type FakeOperators, fakeOperators } from './fake-operators.fixture.ts'
import { createNetworkContentStore } from './network-content-store.ts'
import { createOperatorHealth } from './operator-health.ts'
import { openSlabIndex } from './slab-index.ts'
import { createSlabReader } from './slab-reader.ts'
import { createSlabWriter } from './slab-writer.ts'

const MB = 2 ** 20
const rootKey = randomBytes(32)

const newFolder = () => mkdtempSync(join(tmpdir(), 'cairn-slabs-'))

function setUp(count: number, folder = newFolder(), fakes?: FakeOperators, code?: ErasureCode) {
  const clock = systemClock()
  const operators = fakes ?? fakeOperators(count, clock)
  const { directory } = operators
  const health = createOperatorHealth(clock.now)
  const index = openSlabIndex(folder)
  const budget = createByteBudget(48 * MB)
  const writer = createSlabWriter({
    directory,
    health,
    budget,
    clock,
    customer: `0x${'11'.repeat(20)}`,
    rules: { rowsPerOperator: 1 },
    random: randomBytes,
    code,
    onStray: (slab, row, device) => index.addDeletions([{ slab, row, device }]),
  })
  const reader = createSlabReader({ directory, health, clock, onLostRow: () => undefined })
  const errors: unknown[] = []
  const store = createNetworkContentStore({
    index,
    writer,
    reader,
    directory,
    rootKey,
    random: randomBytes,
    onError: (error) => errors.push(error),
  })
  const read = async (content: { id: string; sizeBytes: number }, start = 0, end = content.sizeBytes) => {
    const parts: Uint8Array[] = []
    for await (const part of store.read(content, { start, end })) parts.push(part)
    return Buffer.concat(parts)
  }
  return { store, read, index, budget, errors, folder, operators, all: operators.all }
}
async function* pieces(bytes: Uint8Array, size = 70_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const sizes = [0, 1, 4096, 4097, 65_536, 131_072, 1_000_000, 6 * MB + 5, 12 * MB]

test.for([
  { operators: 12, code: { dataRows: 8, rows: 12 }, dead: 4 },
  { operators: 30, code: { dataRows: 10, rows: 16 }, dead: 6 },
])(
  'default: $operators operators with $code.dataRows/$code.rows, $dead of them gone, every content bit for bit',
  async ({ operators, code, dead }) => {
    // One code for all sizes: with a narrower one, more of its holders than it can lose may be among the dead.
    const { store, read, index, all, errors } = setUp(operators, newFolder(), undefined, code)
    const written = []
    for (const size of sizes) {
      const bytes = randomBytes(size)
      written.push({ bytes, content: await store.write(pieces(bytes)) })
    }
    await store.settled()
    for (const { slab } of index.slabs(written.at(-1)!.content.id)) expect(slab).toMatchObject(code)
    for (const { operator } of all.slice(0, dead)) all[operator.device]!.isDead = true
    for (const { bytes, content } of written) {
      expect(content.sizeBytes).toBe(bytes.length)
      expect((await read(content)).equals(bytes)).toBe(true)
    }
    const large = written.at(-1)!
    expect(
      (await read(large.content, 5 * MB, 9 * MB + 1)).equals(large.bytes.subarray(5 * MB, 9 * MB + 1)),
    ).toBe(true)
    expect(errors).toEqual([])
  },
)

test('behavior: an operator that lies is read around', async () => {
  const { store, read, all } = setUp(12)
  const bytes = randomBytes(3 * MB)
  const content = await store.write(pieces(bytes))
  await store.settled()
  for (const fake of all.slice(0, 4)) fake.isLying = true
  expect((await read(content)).equals(bytes)).toBe(true)
})

test('behavior: what was written is there after a restart', async () => {
  const first = setUp(12)
  const bytes = randomBytes(2 * MB)
  const content = await first.store.write(pieces(bytes))
  await first.store.settled()
  first.index.close()
  const second = setUp(12, first.folder, first.operators)
  expect((await second.read(content)).equals(bytes)).toBe(true)
})

test('behavior: deleted rows go from operators, those that do not answer later', async () => {
  const { store, index, all } = setUp(12)
  const content = await store.write(pieces(randomBytes(500_000)))
  await store.settled()
  all[3]!.isDead = true
  await store.delete(content.id)
  await store.settled()
  expect(all.map(({ kept }) => kept.size)).toEqual(all.map((_, i) => (i === 3 ? 1 : 0)))
  all[3]!.isDead = false
  await store.sweep()
  expect(all[3]!.kept.size).toBe(0)
  expect(index.deletions()).toEqual([])
})

test('error: a source that fails leaves no rows', async () => {
  const { store, index, all } = setUp(12)
  const failing = async function* () {
    yield randomBytes(9 * MB)
    throw new Error('the client went away')
  }
  await expect(store.write(failing())).rejects.toThrow('went away')
  await store.settled()
  await store.sweep()
  expect(all.every(({ kept }) => kept.size === 0)).toBe(true)
  expect(index.contents()).toEqual([])
})

test('behavior: memory does not grow with a content', async () => {
  const { store, budget } = setUp(16)
  const chunk = randomBytes(MB)
  await store.write(
    (async function* () {
      for (let i = 0; i < 40; i++) yield chunk
    })(),
  )
  await store.settled()
  // One slab of 16 full rows is stored while another fills; its last rows may still be under way when the next begins.
  expect(budget.peakBytes).toBeLessThanOrEqual(3 * 16 * 520_192)
})
