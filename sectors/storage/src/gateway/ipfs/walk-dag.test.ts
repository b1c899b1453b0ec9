import { CarReader } from '@ipld/car'
import fc from 'fast-check'
import { exporter } from 'ipfs-unixfs-exporter'
import { type ImportCandidate, importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { resolveEntityBytes } from './entity-bytes.ts'
import { type Block, type Walk, walkDag, withoutRepeats } from './walk-dag.ts'
import { writeCar } from './write-car.ts'

/** DAGs of many levels in few bytes: leaves of 4, three links to a node. */
async function build(...files: ImportCandidate[]) {
  const blocks = new Map<string, Uint8Array>()
  const store = {
    async put(cid: CID, bytes: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
      blocks.set(cid.toString(), bytes as Uint8Array)
      return cid
    },
  }
  const small = { chunker: fixedSize({ chunkSize: 4 }), layout: balanced({ maxChildrenPerNode: 3 }) }
  const roots = new Map<string, CID>()
  for await (const { path, cid } of importer(files, store, { cidVersion: 1, rawLeaves: true, ...small }))
    roots.set(path ?? '', CID.asCID(cid)!)
  return { blocks, roots, read: async (cid: CID) => blocks.get(cid.toString()) }
}
const whole = { segments: [], scope: 'all', entityBytes: undefined } as const
async function walk(read: (cid: CID) => Promise<Uint8Array | undefined>, asked: Walk): Promise<Block[]> {
  const found: Block[] = []
  for await (const block of walkDag(read, asked)) found.push(block)
  return found
}
async function readFrom(sent: readonly Block[], cid: CID, range: object): Promise<Buffer> {
  const blocks = new Map(sent.map((block) => [block.cid.toString(), block.bytes]))
  const entry = await exporter(cid.toString(), {
    async *get(id: CID) {
      yield blocks.get(id.toString()) ?? expect.fail(`${id} was not sent`)
    },
  })
  if (entry.type !== 'file' && entry.type !== 'raw') throw new Error(`a ${entry.type} is no file`)
  const parts: Uint8Array[] = []
  for await (const part of entry.content(range)) parts.push(part)
  return Buffer.concat(parts)
}

test('default: whatever the size and the range, what is sent is enough to read it, and no leaf more', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: -450, max: 450 }),
      fc.option(fc.integer({ min: -450, max: 450 }), { nil: undefined }),
      async (content, from, to) => {
        const { roots, read } = await build({ path: 'file', content })
        const cid = roots.get('file')!
        const sent = await walk(read, { ...whole, cid, scope: 'entity', entityBytes: { from, to } })
        const range = resolveEntityBytes({ from, to }, content.length)
        if (range === undefined) return void expect(sent.map((block) => block.cid)).toEqual([cid])
        const { start, end } = range
        const got = await readFrom(sent, cid, { offset: start, length: end - start })
        expect(got.equals(content.subarray(start, end))).toBe(true)
        const leaves = sent.filter((block) => block.cid.code === 0x55)
        expect(leaves).toHaveLength(Math.floor((end - 1) / 4) - Math.floor(start / 4) + 1)
      },
    ),
  )
})

test('behavior: repeated blocks come where they stand, or once, where they stand first', async () => {
  const content = Uint8Array.from({ length: 100 }, (_, i) => Math.floor(i / 4) % 3)
  const { roots, read, blocks } = await build({ path: 'file', content })
  const cid = roots.get('file')!
  const all = await walk(read, { ...whole, cid })
  expect(all.filter((block) => block.cid.code === 0x55)).toHaveLength(25)
  const once: string[] = []
  for await (const block of withoutRepeats(walkDag(read, { ...whole, cid }), 1000))
    once.push(block.cid.toString())
  expect(once).toEqual([...new Set(all.map((block) => block.cid.toString()))])
  expect(new Set(once)).toEqual(new Set(blocks.keys()))
})

test('behavior: a path is followed through folders, and its scope begins where it ends', async () => {
  const content = (text: string) => Buffer.from(text)
  const { roots, read } = await build(
    { path: 'top/a/file', content: content('the file itself') },
    { path: 'top/a/other', content: content('another') },
    { path: 'top/b', content: content('b') },
  )
  const cid = roots.get('top')!
  const names = async (asked: Partial<Walk>) =>
    (await walk(read, { ...whole, cid, ...asked })).map((block) => block.cid)
  const [top, a, file] = ['top', 'top/a', 'top/a/file'].map((path) => roots.get(path)!)
  expect(await names({ segments: ['a', 'file'], scope: 'block' })).toEqual([top, a, file])
  expect(await names({ segments: ['a', 'file'] })).toHaveLength(2 + 7)
  expect(await names({ segments: ['a'], scope: 'entity' })).toEqual([top, a])
  expect(await names({ segments: ['a'], scope: 'entity', entityBytes: { from: 0, to: 1 } })).toEqual([top, a])
  expect((await names({})).length).toBeGreaterThan(9)
  expect(await names({ segments: ['a', 'nowhere'] })).toEqual([top, a])
  expect(await names({ segments: ['b', 'below'] })).toEqual([top, roots.get('top/b')])
})

test('behavior: a CAR is what others read', async () => {
  const { roots, read } = await build({ path: 'file', content: new Uint8Array(50).map((_, i) => i) })
  const cid = roots.get('file')!
  const parts: Uint8Array[] = []
  for await (const part of writeCar(cid, walkDag(read, { ...whole, cid }))) parts.push(part)
  const reader = await CarReader.fromBytes(Buffer.concat(parts))
  expect(reader.version).toBe(1)
  expect((await reader.getRoots()).map(String)).toEqual([cid.toString()])
  const blocks: Block[] = []
  for await (const block of reader.blocks())
    blocks.push({ cid: CID.parse(block.cid.toString()), bytes: block.bytes })
  expect(await readFrom(blocks, cid, {})).toEqual(Buffer.from(Array.from({ length: 50 }, (_, i) => i)))
})

test('error: a block that is missing ends the walk there, and at once when it is the root', async () => {
  const { roots, read } = await build({ path: 'file', content: new Uint8Array(50).map((_, i) => i) })
  const cid = roots.get('file')!
  const all = await walk(read, { ...whole, cid })
  for (const [index, gone] of all.entries()) {
    const partly = walkDag(async (id) => (id.equals(gone.cid) ? undefined : read(id)), { ...whole, cid })
    let sent = 0
    const reading = (async () => {
      for await (const _ of partly) sent += 1
    })()
    await expect(reading).rejects.toMatchObject({ status: index === 0 ? 404 : 500 })
    expect(sent).toBe(index)
  }
})
