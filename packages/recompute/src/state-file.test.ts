import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SettledState } from '@cairn/settlement'
import { expect, test } from 'vitest'
import { fileStateStore } from './state-file.ts'

const rootId = `0x${'ab'.repeat(32)}` as const
const state: SettledState = {
  rootId,
  last: 3,
  evidenceEnd: 2,
  cumulative: [1n << 90n, 0n],
  carry: [{ key: new Uint8Array(32).fill(7), lastEpoch: 3, value: Uint8Array.of(1, 2) }],
  rollover: [5n, 0n, 0n, 0n],
}
const folder = () => mkdtempSync(join(tmpdir(), 'cairn-states-'))

test('default: gives back what was written', async () => {
  const store = fileStateStore(folder())
  expect(await store.read(rootId)).toBeUndefined()
  await store.write(state)
  expect(await store.read(rootId)).toEqual(state)
  await store.delete(rootId)
  expect(await store.read(rootId)).toBeUndefined()
})

test('behavior: a file with one changed byte, or of another root, reads as absent', async () => {
  const home = folder()
  const store = fileStateStore(home)
  await store.write(state)
  const path = join(home, `${rootId}.json`)
  const text = readFileSync(path, 'utf8')
  for (const broken of [text.replace('"last":3', '"last":4'), text.slice(0, 40), '']) {
    writeFileSync(path, broken)
    expect(await store.read(rootId)).toBeUndefined()
  }
  const other = `0x${'cd'.repeat(32)}` as const
  writeFileSync(join(home, `${other}.json`), text)
  expect(await store.read(other)).toBeUndefined()
})
