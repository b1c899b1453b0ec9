import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type ManualClock, manualClock, systemClock } from '@cairn/runtime'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createByteBudget } from './byte-budget.ts'
import { type FakeOperators, fakeOperators } from './fake-operators.fixture.ts'
import { createOperatorHealth } from './operator-health.ts'
import { createSlabReader, type PlacedSlab } from './slab-reader.ts'
import { createSlabWriter, type SlabWriterOptions } from './slab-writer.ts'

const MB = 2 ** 20
const customer = `0x${'11'.repeat(20)}` as const

function setUp(count: number, more: Partial<SlabWriterOptions> = {}) {
  const clock = more.clock ?? systemClock()
  const { all, directory } = fakeOperators(count, clock)
  const health = createOperatorHealth(clock.now)
  const budget = createByteBudget(64 * MB)
  const strays: { row: number; device: number }[] = []
  const wrong: number[] = []
  const writer = createSlabWriter({
    directory,
    health,
    budget,
    clock,
    customer,
    rules: { rowsPerOperator: 1 },
    random: randomBytes,
    onStray: (_, row, device) => strays.push({ row, device }),
    ...more,
  })
  const reader = createSlabReader({ directory, health, clock, onLostRow: (_, row) => wrong.push(row) })
  const write = async (bytes: Uint8Array) => {
    const head = { kind: 'content', sequence: 0n, contentBytes: bytes.length } as const
    return await writer.write(head, Uint8Array.from(bytes), bytes.length)
  }
  return { all, write, reader, strays, wrong, budget, health }
}
const whole = ({ slab }: PlacedSlab) => ({ start: 0, end: slab.sizeBytes })
const kill = (all: FakeOperators['all'], devices: readonly number[]) => {
  for (const device of devices) all[device]!.isDead = true
}
/** Time goes on until a promise is settled. */
async function advancing<T>(clock: ManualClock, promise: Promise<T>, stepMs = 100): Promise<T> {
  let isOver = false
  const done = promise.finally(() => {
    isOver = true
  })
  done.catch(() => undefined)
  while (!isOver) {
    // What needs no time comes to its end first.
    for (let turn = 0; turn < 50 && !isOver; turn++) await setImmediate()
    clock.advance(stepMs)
  }
  return await done
}

test('default: every row with another operator, and any range comes back', async () => {
  const { all, write, reader } = setUp(16)
  const bytes = randomBytes(3 * MB + 17)
  const [slab, none] = await write(bytes)
  expect(none).toBeUndefined()
  await slab!.settled
  expect(slab!.slab).toMatchObject({ dataRows: 10, rows: 16 })
  expect(new Set(slab!.holders.values()).size).toBe(16)
  expect(all.every(({ kept }) => kept.size === 1)).toBe(true)
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
      const range = { start: Math.min(a, b), end: Math.max(a, b) }
      if (range.start === range.end) return
      expect((await reader.read(slab!, range)).equals(bytes.subarray(range.start, range.end))).toBe(true)
    }),
    { numRuns: 30 },
  )
})

test('behavior: any n − k operators may be gone, for every range', async () => {
  const { all, write, reader } = setUp(12)
  const bytes = randomBytes(700_001)
  const [slab] = await write(bytes)
  await slab!.settled
  expect(slab!.slab).toMatchObject({ dataRows: 8, rows: 12 })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(11), { minLength: 4, maxLength: 4 }),
      fc.nat(bytes.length - 1),
      fc.nat(bytes.length),
      async (dead, at, length) => {
        for (const fake of all) fake.isDead = false
        kill(all, dead)
        const range = { start: at, end: Math.min(bytes.length, at + length + 1) }
        expect((await reader.read(slab!, range)).equals(bytes.subarray(range.start, range.end))).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
  kill(all, [0, 1, 2, 3, 4])
  for (const fake of all.slice(5)) fake.isDead = false
  await expect(reader.read(slab!, whole(slab!))).rejects.toMatchObject({ code: 'too_few_rows' })
})

test('behavior: acknowledged at k + ⌈3(n−k)/4⌉ receipts, the rest follow', async () => {
  const clock = manualClock()
  const { all, write } = setUp(12, { clock })
  all[5]!.delayMs = 5_000
  const [slab] = await write(randomBytes(500_000))
  expect(slab!.holders.size).toBe(11)
  await advancing(clock, slab!.settled)
  expect(slab!.holders.size).toBe(12)
})

test('behavior: a refusing operator is replaced, and a slow one gets others beside it, until one is fast', async () => {
  const clock = manualClock()
  const { all, write, strays } = setUp(14, { clock, rules: { rowsPerOperator: 1 } })
  for (const fake of all.slice(0, 2)) fake.isRefusing = true
  const refused = (await advancing(clock, write(randomBytes(500_000))))[0]!
  await advancing(clock, refused.settled)
  expect(refused.holders.size).toBe(12)
  expect([...refused.holders.values()].filter((device) => device < 2)).toEqual([])
  for (const fake of all) fake.isRefusing = false
  const before = strays.length
  for (const fake of all.slice(2, 4)) fake.delayMs = 29_000
  const slow = (await advancing(clock, write(randomBytes(500_000))))[0]!
  const startMs = clock.now()
  await advancing(clock, slow.settled)
  expect(clock.now() - startMs).toBeLessThan(20_000)
  expect(slow.holders.size).toBe(12)
  // Where the row may be besides is told.
  for (const { row, device } of strays.slice(before)) expect(slow.holders.get(row)).not.toBe(device)
})

test('behavior: operators that fail leave a smaller code, in more slabs when need be', async () => {
  const { all, write, reader } = setUp(12)
  kill(all, [1, 4, 7])
  const bytes = randomBytes(4 * MB)
  const slabs = await write(bytes)
  expect(slabs.map(({ slab }) => `${slab.dataRows}/${slab.rows}`)).toEqual(['4/6', '4/6', '4/6'])
  const read = await Promise.all(slabs.map((slab) => reader.read(slab, whole(slab))))
  expect(Buffer.concat(read).equals(bytes)).toBe(true)
})

test('error: a code that operators can not honour is refused, before anything is sent', async () => {
  const { all, write } = setUp(5)
  await expect(write(randomBytes(50_000))).rejects.toMatchObject({
    code: 'too_few_operators',
    meta: { needed: 6, placed: 5 },
  })
  const fixed = setUp(11, { code: { dataRows: 8, rows: 12 } })
  await expect(fixed.write(randomBytes(50_000))).rejects.toMatchObject({
    code: 'too_few_operators',
    meta: { needed: 12 },
  })
  expect([...all, ...fixed.all].every(({ calls }) => calls.put === 0)).toBe(true)
})

test('behavior: a slow row is read around after a delay that follows the others', async () => {
  const clock = manualClock()
  const { all, write, reader } = setUp(12, { clock })
  const bytes = randomBytes(500_000)
  const slab = (await write(bytes))[0]!
  await slab.settled
  const first = all[slab.holders.get(0)!]!
  first.delayMs = 15_000
  const startMs = clock.now()
  const read = await advancing(clock, reader.read(slab, { start: 0, end: 1000 }), 10)
  expect(read.equals(bytes.subarray(0, 1000))).toBe(true)
  expect(clock.now() - startMs).toBeLessThan(1_000)
  expect(first.calls.get).toBe(1)
})

test('behavior: rows that lie are found by their commitments and read around', async () => {
  const { all, write, reader, wrong } = setUp(12)
  const bytes = randomBytes(500_000)
  const slab = (await write(bytes))[0]!
  await slab.settled
  for (const row of [0, 3, 9]) all[slab.holders.get(row)!]!.isLying = true
  expect((await reader.read(slab, whole(slab))).equals(bytes)).toBe(false)
  expect(
    (await reader.readChecked(slab, { start: 5, end: 499_000 })).equals(bytes.subarray(5, 499_000)),
  ).toBe(true)
  // Both data rows are found; the parity row only if it was asked.
  expect(wrong.filter((row) => row !== 9).toSorted()).toEqual([0, 3])
})

test('behavior: rows in memory stay within the budget', async () => {
  const { write, budget } = setUp(16)
  const slabs = await Promise.all(Array.from({ length: 30 }, () => write(randomBytes(3 * MB))))
  await Promise.all(slabs.flat().map(({ settled }) => settled))
  expect(budget.peakBytes).toBeGreaterThan(30 * MB)
  expect(budget.peakBytes).toBeLessThanOrEqual(64 * MB)
})
