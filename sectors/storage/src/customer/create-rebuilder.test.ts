import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createByteBudget } from '../slab/byte-budget.ts'
import { fakeOperators } from '../slab/fake-operators.fixture.ts'
import { createOperatorHealth } from '../slab/operator-health.ts'
import { openSlabIndex, type SlabIndex } from '../slab/slab-index.ts'
import { createSlabReader } from '../slab/slab-reader.ts'
import { createSlabWriter } from '../slab/slab-writer.ts'
import { createRebuilder } from './create-rebuilder.ts'

const customer = `0x${'11'.repeat(20)}` as const
const code = { dataRows: 4, rows: 8 }
const signal = new AbortController().signal

let folder: string
let index: SlabIndex

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-rebuilder-'))
  index = openSlabIndex(folder)
})
afterEach(() => {
  index.close()
  rmSync(folder, { recursive: true })
})

/** One slab over the first operators, and a rebuilder for which some of them are gone. */
async function setUp(count: number) {
  const clock = systemClock()
  const { all, directory } = fakeOperators(count, clock)
  const health = createOperatorHealth(clock.now)
  const rules = { rowsPerOperator: 1 }
  const writer = createSlabWriter({
    ...{ directory, health, clock, customer, rules, code },
    budget: createByteBudget(2 ** 26),
    random: randomBytes,
    onStray: () => undefined,
  })
  const reader = createSlabReader({ directory, health, clock, onLostRow: () => undefined })
  const bytes = new Uint8Array(randomBytes(300_000))
  const head = { kind: 'content', sequence: 0n, contentBytes: bytes.length } as const
  const slabs = await writer.write(head, bytes.slice(), bytes.length)
  await slabs[0]!.settled
  index.insert({ id: 'c', header: new Uint8Array(1), sizeBytes: bytes.length, inline: undefined }, slabs)
  const gone = new Set<number>()
  const errors: unknown[] = []
  const rebuilder = createRebuilder({
    ...{ index, reader, directory, health, clock, rules },
    isGone: (device) => gone.has(device),
    random: randomBytes,
    onError: (error) => errors.push(error),
  })
  const placed = () => index.slabs('c')[0]!
  const lose = (lost: number) => {
    const devices = [...placed().holders.values()].filter((device) => !gone.has(device)).slice(0, lost)
    for (const device of devices) {
      gone.add(device)
      all[device]!.isDead = true
    }
    return devices
  }
  const read = async () =>
    Buffer.from(await reader.readChecked(placed(), { start: 0, end: bytes.length })).equals(bytes)
  return { all, rebuilder, placed, gone, lose, read, errors }
}

test('default: rows of operators that are gone are made again with others, and more may go', async () => {
  const { rebuilder, placed, lose, read, all } = await setUp(16)
  const lost = lose(4)
  expect(await rebuilder.pass(signal)).toBe(4)
  const holders = [...placed().holders.values()]
  expect(new Set(holders).size).toBe(8)
  expect(holders.filter((device) => lost.includes(device))).toEqual([])
  lose(4)
  expect(await read()).toBe(true)
  expect(await rebuilder.pass(signal)).toBe(4)
  expect(await rebuilder.pass(signal)).toBe(0)
  // Those who come back are to delete what they had.
  expect(index.deletions()).toHaveLength(8)
  expect(all.filter(({ kept }) => kept.size > 0)).toHaveLength(16)
})

test('one lost row of four spare is not worth the traffic, and below k nothing can be made', async () => {
  const { rebuilder, lose } = await setUp(16)
  lose(1)
  expect(await rebuilder.pass(signal)).toBe(0)
  lose(4)
  expect(await rebuilder.pass(signal)).toBe(0)
})

test('rows of who is taken to be gone and answers still are moved while they can be read', async () => {
  const { rebuilder, placed, gone, read, all } = await setUp(16)
  // Fewer than k are with others: without those who leave nothing could be made.
  const leaving = [...placed().holders.values()].slice(0, 6)
  for (const device of leaving) gone.add(device)
  expect(await rebuilder.pass(signal)).toBe(6)
  for (const device of leaving) all[device]!.isDead = true
  expect([...placed().holders.values()].filter((device) => gone.has(device))).toEqual([])
  expect(await read()).toBe(true)
})

test('error: what refuses is told, and the next pass tries others', async () => {
  const { rebuilder, lose, all, placed, errors } = await setUp(12)
  lose(2)
  for (const { operator, ...fake } of all) if (fake.kept.size === 0) all[operator.device]!.isRefusing = true
  expect(await rebuilder.pass(signal)).toBe(0)
  expect(errors.length).toBeGreaterThan(0)
  for (const fake of all) fake.isRefusing = false
  expect(await rebuilder.pass(signal)).toBe(2)
  expect(placed().holders.size).toBe(8)
})

test('with too few operators as many rows are made as there are places', async () => {
  const { rebuilder, lose, read } = await setUp(9)
  lose(3)
  expect(await rebuilder.pass(signal)).toBe(1)
  expect(await read()).toBe(true)
})

test('behavior: rows that their holders lost, found by an audit or a read, are made again elsewhere', async () => {
  const { rebuilder, placed, read } = await setUp(16)
  const { id, holders } = placed()
  for (const [row, device] of [...holders].slice(0, 2)) index.loseRow(id, row, device)
  expect(placed().holders.size).toBe(6)
  // They may forget them.
  expect(index.deletions().map(({ device }) => device)).toEqual([...holders.values()].slice(0, 2))
  // Another has it, by now: nothing is lost.
  index.loseRow(id, 7, holders.get(6)!)
  expect(await rebuilder.pass(signal)).toBe(2)
  expect(placed().holders.size).toBe(8)
  expect(await read()).toBe(true)
})
