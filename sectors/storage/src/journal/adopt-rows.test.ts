import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manualClock } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCoderCache } from '../slab/coder-cache.ts'
import { encodeSlab } from '../slab/encode-slab.ts'
import { fakeOperators } from '../slab/fake-operators.fixture.ts'
import { openSlabIndex } from '../slab/slab-index.ts'
import { adoptRows } from './adopt-rows.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-adopt-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('default: rows that came after the last entry are found with their holders; what is known stays, and what is not needed is left alone', async () => {
  const { all, directory } = fakeOperators(7, manualClock())
  const { signal } = new AbortController()
  const code = { dataRows: 4, rows: 6 }
  const customer = `0x${'01'.repeat(20)}` as const
  const slabOf = (byte: number) => {
    const head = { kind: 'content', customer, sequence: 0n } as const
    return encodeSlab(createCoderCache()(code), head, new Uint8Array(4_000).fill(byte), 4_000)
  }
  const [kept, deleted] = [await slabOf(1), await slabOf(2)]
  for (const slab of [kept, deleted])
    for (const [row, bytes] of slab.rows.entries())
      await all[row]!.operator.rows.put(slab, row, bytes, signal)
  // Row 5 went to another first, and row 0's word is not trusted over what is known.
  await all[6]!.operator.rows.put(kept, 0, kept.rows[0]!, signal)
  all[4]!.isDead = true

  const index = openSlabIndex(folder)
  const { id, descriptor } = kept
  const holders = new Map([0, 1, 2].map((row) => [row, row]))
  const content = { id: 'a0', header: new Uint8Array(1), sizeBytes: 4_000, inline: undefined }
  index.insert(content, [{ id, descriptor, holders }])
  const errors: unknown[] = []
  await adoptRows(directory, index, signal, (error) => errors.push(error))

  const [placed] = index.slabs('a0')
  expect([...placed!.holders].toSorted()).toEqual([0, 1, 2, 3, 5].map((row) => [row, row]))
  expect(index.deletions()).toEqual([])
  expect(errors).toHaveLength(1)
  index.close()
})
