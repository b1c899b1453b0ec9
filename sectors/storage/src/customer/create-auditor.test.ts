import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@cairn/protocol'
import { systemClock } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { OperatorClientError } from '../operator-client/operator-client-error.ts'
import { createByteBudget } from '../slab/byte-budget.ts'
import { type FakeOperators, fakeOperators } from '../slab/fake-operators.fixture.ts'
import { createOperatorHealth } from '../slab/operator-health.ts'
import { openSlabIndex, type SlabIndex } from '../slab/slab-index.ts'
import { createSlabWriter, type WrittenSlab } from '../slab/slab-writer.ts'
import { createAuditor } from './create-auditor.ts'
import type { Observation } from './create-record-keeper.ts'

const clock = systemClock()
let folder: string
let index: SlabIndex
let fakes: FakeOperators
let slab: WrittenSlab
let noted: Observation[]
let lost: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-auditor-'))
  index = openSlabIndex(folder)
  fakes = fakeOperators(6, clock)
  noted = []
  const writer = createSlabWriter({
    ...{ directory: fakes.directory, health: createOperatorHealth(clock.now), clock, random: randomBytes },
    budget: createByteBudget(2 ** 24),
    customer: `0x${'11'.repeat(20)}`,
    rules: { rowsPerOperator: 1 },
    code: { dataRows: 4, rows: 6 },
    onStray: () => undefined,
  })
  const bytes = new Uint8Array(randomBytes(50_000))
  const written = await writer.write({ kind: 'content', sequence: 0n, contentBytes: 50_000 }, bytes, 50_000)
  slab = written[0]!
  await slab.settled
  index.insert({ id: 'c', header: new Uint8Array(1), sizeBytes: 50_000, inline: undefined }, written)
})
afterEach(async () => {
  index.close()
  await rm(folder, { recursive: true })
})

const audit = async (devices: readonly number[], contained: readonly number[] = []) => {
  noted = []
  lost = []
  await createAuditor({
    ...{ index, clock, random: randomBytes },
    directory: fakes.directory,
    keeper: { note: (observation) => void noted.push(observation) },
    onLostRow: (_slab, row, device, how) => void lost.push(`${device} ${row} ${how}`),
    contained: (device) =>
      contained.includes(device)
        ? [{ payer: '0x', slab: toHex(slab.id), row: rowOf(device), since: 0, tries: 1 }]
        : [],
  }).audit(devices)
  return noted.map(({ device, outcome }) => `${device} ${outcome}`)
}
const rowOf = (device: number) => BigInt([...slab.holders].find(([, holder]) => holder === device)![0])

test('default: each shows a whole row that is what the slab commits to, or other bytes', async () => {
  fakes.all[2]!.isLying = true
  expect(await audit([0, 1, 2])).toEqual(['0 right', '1 right', '2 wrong'])
  expect(lost).toEqual([`2 ${rowOf(2)} wrong`])
  expect(noted[1]).toMatchObject({ kind: 'audit', slab: slab.id, amount: Number(rowOf(1)) })
  expect(await audit([7])).toEqual([])
})

test('behavior: a row that was not shown is asked for again; one that is not owed any more is not', async () => {
  const { operator } = fakes.all[3]!
  const refusal = (status: number, code: string) =>
    new OperatorClientError({ code, status, message: code, fix: 'None.' })
  const refuse = (error: Error) => Object.assign(operator.rows, { get: async () => Promise.reject(error) })
  refuse(refusal(404, 'no_such_row'))
  expect(await audit([3], [3])).toEqual(['3 unanswered'])
  expect(lost).toEqual([`3 ${rowOf(3)} absent`])
  // Who has to pay first has nothing against it.
  refuse(refusal(402, 'payment_due'))
  expect(await audit([3])).toEqual([])
  refuse(refusal(404, 'no_such_row'))
  index.remove('c')
  expect(await audit([3], [3])).toEqual([])
  expect(lost).toEqual([])
})
