import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { equalBytes } from '@cairn/protocol'
import { expect, test } from 'vitest'
import { openRowStore } from './open-row-store.ts'
import { removeIndex } from './row-index.ts'
import { testRow } from './test-rows.fixture.ts'

const child = fileURLToPath(new URL('crash-child.fixture.ts', import.meta.url))

/** Runs the child until it said so many rows, and kills it there. */
async function killAfter(folder: string, first: number, rows: number): Promise<number[]> {
  const writer = spawn(process.execPath, [child, folder, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kept: number[] = []
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line !== 'open') kept.push(Number(line))
    if (kept.length === rows) writer.kill('SIGKILL')
  }
  if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit')
  return kept
}

test('behavior: kill -9 at any instant loses no row that was said to be kept, with the index or without', {
  timeout: 60_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-rows-'))
  const kept: number[] = []
  let first = 0
  for (const rows of [1, 17, 60, 150, 333]) {
    kept.push(...(await killAfter(folder, first, rows)))
    first += 1_024
    if (rows === 60) removeIndex(folder)
    const store = await openRowStore({ folder, capacityBytes: 2 ** 30, volumeBytes: 60_000 })
    for (const seed of kept.filter((seed) => seed % 3 !== 0)) {
      const { slab, bytes } = testRow(seed, 700)
      expect(equalBytes(await store.read(slab, 0), bytes), `row of seed ${seed}`).toBe(true)
    }
    await store.close()
  }
  expect(kept.length).toBeGreaterThanOrEqual(561)
  await rm(folder, { recursive: true })
})
