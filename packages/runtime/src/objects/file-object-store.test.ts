import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256 } from '../keys/node-crypto.ts'
import { fileObjectStore, ObjectIdError } from './file-object-store.ts'

const idOf = (bytes: Uint8Array) => `0x${Buffer.from(sha256(bytes)).toString('hex')}`
const folder = () => mkdtempSync(join(tmpdir(), 'cairn-objects-'))
const bytes = new TextEncoder().encode('a segment')

test('default: put, get, list, delete', async () => {
  const store = fileObjectStore(folder())
  const id = idOf(bytes)
  expect(await store.get(id)).toBeUndefined()
  expect(await store.has(id)).toBe(false)
  await store.put(id, bytes)
  await store.put(id, bytes)
  expect(await store.has(id)).toBe(true)
  expect(new Uint8Array((await store.get(id))!)).toEqual(bytes)
  const ids: string[] = []
  for await (const listed of store.list()) ids.push(listed)
  expect(ids).toEqual([id])
  await store.delete(id)
  expect(await store.has(id)).toBe(false)
})

test('behavior: a damaged object reads as absent and can be put again', async () => {
  const home = folder()
  const store = fileObjectStore(home, (id, content) => idOf(content) === id)
  const id = idOf(bytes)
  await store.put(id, bytes)
  writeFileSync(join(home, id.slice(2, 4), id.slice(4, 6), id), 'a segmenT')
  expect(await store.get(id)).toBeUndefined()
  await store.put(id, bytes)
  expect(new Uint8Array((await store.get(id))!)).toEqual(bytes)
})

test.each(['../../etc/passwd', '0x', `0x${'A'.repeat(64)}`, `0x${'a'.repeat(64)}/..`])(
  'error: %s is no id',
  async (id) => {
    await expect(fileObjectStore(folder()).put(id, bytes)).rejects.toThrow(ObjectIdError)
  },
)
