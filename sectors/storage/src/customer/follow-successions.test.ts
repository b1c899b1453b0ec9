import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manualClock } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCoderCache } from '../slab/coder-cache.ts'
import { encodeSlab } from '../slab/encode-slab.ts'
import { fakeOperators } from '../slab/fake-operators.fixture.ts'
import { openSlabIndex, type SlabIndex } from '../slab/slab-index.ts'
import type { ReachedRail } from './create-operator-directory.ts'
import { followSuccessions } from './follow-successions.ts'

let folder: string
let index: SlabIndex

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-successions-'))
  index = openSlabIndex(folder)
})
afterEach(() => {
  index.close()
  rmSync(folder, { recursive: true })
})

test('default: the rows of a lost rail are with its successor, as far as it has them, and in its pieces', async () => {
  const { all, directory } = fakeOperators(8, manualClock())
  const { signal } = new AbortController()
  const customer = `0x${'01'.repeat(20)}` as const
  const successor = all[7]!.operator
  /** A slab whose row 0 is with device 0, in a piece of rail 5. */
  const store = async (byte: number, piece: number) => {
    const head = { kind: 'content', customer, sequence: 0n } as const
    const coder = createCoderCache()({ dataRows: 4, rows: 6 })
    const slab = await encodeSlab(coder, head, new Uint8Array(4_000).fill(byte), 4_000)
    const holders = new Map([0, 1, 2, 3, 4, 5].map((row) => [row, row]))
    index.insert({ id: `a${byte}`, header: new Uint8Array(1), sizeBytes: 4_000, inline: undefined }, [
      { ...slab, holders },
    ])
    const [row] = index.looseRows(0, 1)
    index.addBundle({ list: { rail: 5n, piece, rows: [row!] }, signature: new Uint8Array(65) })
    index.endBundle({ rail: 5n, piece, leaves: 32 })
    return slab
  }
  const made = [await store(1, 0), await store(2, 2)]
  await store(3, 3)
  for (const slab of made) await successor.rows.put(slab, 0, slab.rows[0]!, signal)

  const rail = { rail: 9n, device: 7, succeeds: { rail: 5n, device: 0 } }
  const step = followSuccessions({
    index,
    directory: { rails: () => [{ rail } as unknown as ReachedRail], find: directory.find },
    chain: {
      readNextPiece: async () => 4,
      // Piece 1 was removed before the rail was lost.
      readPiece: async (_rail, piece) => (piece === 1 ? undefined : { root: new Uint8Array(32), leaves: 1 }),
    },
    onError: (error) => {
      throw error
    },
  })
  expect(await step(signal)).toBe(1)
  expect(await step(signal)).toBe(0)
  const holderOf = (id: string) => index.slabs(id)[0]!.holders.get(0)
  expect([holderOf('a1'), holderOf('a2'), holderOf('a3')]).toEqual([7, 7, 0])
  expect([index.hasRowsOf(9n, 7), index.hasRowsOf(5n, 0)]).toEqual([true, true])
  expect(index.looseRows(7, 9)).toEqual([])
})
