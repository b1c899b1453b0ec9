import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openCatalogue } from '../catalogue/catalogue.ts'
import { chunkBytes } from './content-header.ts'
import type { ByteRange, ContentStore, StoredContent } from './content-store.ts'
import { openDiskContentStore } from './disk-content-store.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'cairn-content-'))
const rootKey = randomBytes(32)
const openStore = (folder = newFolder(), key: Uint8Array = rootKey) =>
  openDiskContentStore({ folder, rootKey: key, random: randomBytes })

async function* pieces(bytes: Uint8Array, size = 50_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function readAll(store: ContentStore, content: StoredContent, range?: ByteRange) {
  const parts: Uint8Array[] = []
  for await (const part of store.read(content, range ?? { start: 0, end: content.sizeBytes }))
    parts.push(Buffer.from(part))
  return Buffer.concat(parts)
}
const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

test.for([0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes + 5])(
  'default: %i bytes come back, and not in clear on the disk',
  async (size) => {
    const folder = newFolder()
    const store = await openStore(folder)
    const bytes = randomBytes(size)
    const content = await store.write(pieces(bytes))
    expect(content.sizeBytes).toBe(size)
    expect((await readAll(await openStore(folder), content)).equals(bytes)).toBe(true)
    const [path] = filesOf(folder)
    expect(size < 16 || readFileSync(path!).indexOf(bytes.subarray(0, 16)) === -1).toBe(true)
    await store.delete(content.id)
    expect(filesOf(folder)).toEqual([])
  },
)

test('behavior: any range', async () => {
  const store = await openStore()
  const bytes = randomBytes(3 * chunkBytes + 77)
  const content = await store.write(pieces(bytes))
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
      const range = { start: Math.min(a, b), end: Math.max(a, b) }
      expect((await readAll(store, content, range)).equals(bytes.subarray(range.start, range.end))).toBe(true)
    }),
  )
})

test('default: small contents are in the catalogue, sealed, and no files', async () => {
  const [folder, catalogueFolder] = [newFolder(), newFolder()]
  let catalogue = await openCatalogue(catalogueFolder, randomBytes)
  const open = (key: Uint8Array = rootKey) =>
    openDiskContentStore({
      folder,
      rootKey: key,
      random: randomBytes,
      smallContents: catalogue.smallContents,
    })
  let store = await open()
  const bodies = [0, 1, 16_384, 32_768, 32_769].map((size) => randomBytes(size))
  const contents: StoredContent[] = []
  for (const body of bodies) contents.push(await store.write(pieces(body, 5_000)))
  expect(filesOf(folder).map((path) => basename(path))).toEqual([contents.at(-1)!.id])
  await catalogue.flush()
  await catalogue.close()
  expect(
    filesOf(catalogueFolder).some((path) => readFileSync(path).includes(bodies[2]!.subarray(0, 32))),
  ).toBe(false)

  catalogue = await openCatalogue(catalogueFolder, randomBytes)
  store = await open()
  for (const [i, content] of contents.entries())
    expect((await readAll(store, content)).equals(bodies[i]!), content.id).toBe(true)
  const part = await readAll(store, contents[2]!, { start: 16_000, end: 16_380 })
  expect(part.equals(bodies[2]!.subarray(16_000, 16_380))).toBe(true)
  const list = async () => {
    const ids: string[] = []
    for await (const id of store.list()) ids.push(id)
    return ids.toSorted()
  }
  expect(await list()).toEqual(contents.map(({ id }) => id).toSorted())
  await expect(readAll(await open(randomBytes(32)), contents[2]!)).rejects.toMatchObject({
    code: 'wrong_root_key',
  })
  const sealed = Buffer.from(catalogue.smallContents.get(contents[2]!.id)!)
  catalogue.smallContents.delete(contents[2]!.id)
  catalogue.smallContents.put(
    contents[2]!.id,
    sealed.map((byte, i) => (i === 5_000 ? byte ^ 1 : byte)),
  )
  await expect(readAll(store, contents[2]!)).rejects.toMatchObject({ code: 'content_damaged' })
  for (const { id } of contents) await store.delete(id)
  expect(await list()).toEqual([])
  await expect(readAll(store, contents[1]!)).rejects.toMatchObject({ code: 'content_missing' })
  await catalogue.close()
})

test('error: a source that fails leaves nothing', async () => {
  const folder = newFolder()
  const store = await openStore(folder)
  const failing = async function* () {
    yield randomBytes(chunkBytes * 2)
    throw new Error('the client went away')
  }
  await expect(store.write(failing())).rejects.toThrow('went away')
  expect(filesOf(folder)).toEqual([])
})

test('error: changed, cut, moved and missing content, another root key', async () => {
  const folder = newFolder()
  const store = await openStore(folder)
  const bytes = randomBytes(2 * chunkBytes)
  const content = await store.write(pieces(bytes))
  const [path] = filesOf(folder)
  const original = readFileSync(path!)
  const changed = Buffer.from(original)
  changed[chunkBytes + 200]! ^= 1
  writeFileSync(path!, changed)
  await expect(readAll(store, content)).rejects.toMatchObject({ code: 'content_damaged', meta: { chunk: 1 } })
  writeFileSync(path!, original)
  truncateSync(path!, original.length - chunkBytes - 16)
  await expect(readAll(store, { ...content, sizeBytes: chunkBytes })).rejects.toMatchObject({
    code: 'content_damaged',
  })
  writeFileSync(path!, original)
  const other = await store.write(pieces(randomBytes(2 * chunkBytes)))
  copyFileSync(path!, filesOf(folder).find((name) => name.endsWith(other.id))!)
  await expect(readAll(store, other)).rejects.toMatchObject({ code: 'wrong_root_key' })
  await expect(readAll(await openStore(folder, randomBytes(32)), content)).rejects.toMatchObject({
    code: 'wrong_root_key',
  })
  await store.delete(content.id)
  await expect(readAll(store, content)).rejects.toMatchObject({ code: 'content_missing' })
})
