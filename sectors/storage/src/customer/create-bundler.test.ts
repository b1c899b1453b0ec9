import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseNetworkId } from '@cairn/protocol'
import { sha256 } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BundleList, parseBundleList } from '../bundle/bundle-list.ts'
import { createCoderCache } from '../slab/coder-cache.ts'
import { encodeSlab } from '../slab/encode-slab.ts'
import { openSlabIndex, type SlabIndex } from '../slab/slab-index.ts'
import type { SlabWriter } from '../slab/slab-writer.ts'
import { type AgreedBundle, bundleTermsOf } from '../wire/bundle-agreement.ts'
import { testCustomer } from '../wire/customer.fixture.ts'
import { encodeDescriptor } from '../wire/slab-descriptor.ts'
import { createBundler } from './create-bundler.ts'
import type { ReachedRail } from './create-operator-directory.ts'
import { createRemover } from './create-remover.ts'
import type { ChainPiece } from './gateway-chain.ts'

const network = parseNetworkId(`0x${'0d'.repeat(28)}`)
const context = { chainId: 31_337, verifyingContract: `0x${'c0'.repeat(20)}`, network } as const
const customer = testCustomer()
const device = 4

let folder: string
let index: SlabIndex
/** What the operator was given, and the pieces on chain. */
let given: AgreedBundle[]
let pieces: (ChainPiece | undefined)[]
let nowMs: number
let errors: unknown[]
/** What was stored of lists. */
let lists: BundleList[]
let isWithoutOperators: boolean

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cairn-bundler-'))
  index = openSlabIndex(folder)
  given = []
  pieces = []
  nowMs = 0
  errors = []
  lists = []
  isWithoutOperators = false
})
afterEach(() => {
  index.close()
  rmSync(folder, { recursive: true })
})

const bundler = () =>
  createBundler({
    index,
    chain: {
      context,
      sign: customer.sign,
      readNextPiece: async () => pieces.length,
      readPiece: async (_rail, piece) => pieces[piece],
    },
    writer: { write },
    bundleMs: 1_000,
    nowMs: () => nowMs,
    onError: (error) => errors.push(error),
  })
/** Lists, with the rows of each at devices of their own and one row with the device of the rail. */
const write: SlabWriter['write'] = async (head, buffer, sizeBytes) => {
  if (isWithoutOperators) throw new Error('too few operators')
  lists.push(parseBundleList(buffer.subarray(0, sizeBytes)))
  const coder = createCoderCache()({ dataRows: 4, rows: 6 })
  const encoded = await encodeSlab(coder, { ...head, customer: customer.address }, buffer, sizeBytes)
  const holders = new Map([0, 1, 2, 3, 4, 5].map((row) => [row, device + row]))
  return [{ ...encoded, holders, settled: Promise.resolve() }]
}
const reached = (isRefusing = false) =>
  ({
    rail: { rail: 9n, device },
    client: {
      submitBundle: async (bundle: AgreedBundle) => {
        if (isRefusing) throw new Error('the operator is gone')
        given.push(bundle)
      },
    },
  }) as unknown as ReachedRail

/** A slab of which the device has row 1; each number another. */
function store(number: number): void {
  const roots = [1, 2].map((byte) => new Uint8Array(32).fill(byte))
  const descriptor = encodeDescriptor({
    ...{
      kind: 'content',
      customer: customer.address,
      sequence: 0n,
      sizeBytes: 1_000 + number,
      dataRows: 1,
      rows: 2,
      roots,
    },
  })
  const id = sha256(descriptor)
  const content = { id: `c${number}`, header: new Uint8Array(1), sizeBytes: 900, inline: undefined }
  const holders = new Map([
    [0, device + 1],
    [1, device],
  ])
  index.insert(content, [{ id, descriptor, holders }])
}

test('default: rows wait for others, go to the operator once, and are done with when the chain has them', async () => {
  const each = bundler()
  store(1)
  await each.step([reached()])
  store(2)
  nowMs = 1_000
  await each.step([reached()])
  expect(given).toHaveLength(1)
  expect(given[0]!.list).toMatchObject({ rail: 9n, piece: 0 })
  expect(given[0]!.list.rows).toHaveLength(2)
  expect(lists).toEqual([given[0]!.list])
  // Rows of its list, which are no reason for a bundle by themselves.
  expect(index.looseRows(device, 10)).toMatchObject([{ kind: 'bundle-list', row: 0 }])
  expect(index.looseRows(device + 1, 10)).toHaveLength(3)
  const { root, leaves } = bundleTermsOf(given[0]!.list)
  pieces.push({ root, leaves })
  await each.step([reached()])
  expect(index.openBundle(9n)).toBeUndefined()
  nowMs = 5_000
  await each.step([reached()])
  expect(given).toHaveLength(1)
  expect(lists).toHaveLength(1)
  // Operators do not keep them for ever without one.
  nowMs += 3 * 86_400_000
  await each.step([reached()])
  expect(given).toHaveLength(2)
  await each.settled()
  expect(errors).toEqual([])
})

test('behavior: what lives of a piece that is mostly dead goes into the next bundle, and the piece is removed', async () => {
  const each = bundler()
  const bundle = async () => {
    await each.step([reached()])
    nowMs += 1_000
    await each.step([reached()])
    const { root, leaves } = bundleTermsOf(given.at(-1)!.list)
    pieces.push({ root, leaves })
    await each.step([reached()])
  }
  for (const number of [1, 2, 3]) store(number)
  await bundle()
  const ofPiece = (piece: number) =>
    given[piece]!.list.rows.map(({ slab }) => Buffer.from(slab).toString('hex'))
  index.remove('c1')
  store(4)
  await bundle()
  // Two of three live: that is not little.
  expect(ofPiece(1)).toHaveLength(2)
  index.remove('c2')
  store(5)
  await bundle()
  expect(ofPiece(2).filter((slab) => ofPiece(0).includes(slab))).toHaveLength(1)

  const scheduled: number[] = []
  let dueAsked = 0
  const remover = createRemover({
    index,
    bundleMs: 600_000,
    chain: {
      readPiece: async (_rail, piece) => pieces[piece],
      schedulePieceRemovals: async (_rail, some) => void scheduled.push(...some),
      removeDuePieces: async () => {
        dueAsked += 1
        for (const piece of scheduled) pieces[piece] = undefined
      },
    },
    nowMs: () => nowMs,
    onError: (error) => errors.push(error),
  })
  expect(index.hasNumbered({ kind: 'bundle-list', sequence: 9n << 32n })).toBe(true)
  for (let look = 0; look < 4; look++) {
    await remover.step([9n])
    nowMs += 600_000
  }
  expect([scheduled, dueAsked, index.emptyPieces(9n, 9), errors]).toEqual([[0], 1, [], []])
  expect(index.hasNumbered({ kind: 'bundle-list', sequence: 9n << 32n })).toBe(false)
})

test('behavior: a piece is not removed while a bundle of its rail is under way, nor when that never came to be', async () => {
  const each = bundler()
  store(1)
  await each.step([reached()])
  nowMs = 1_000
  await each.step([reached()])
  const { root, leaves } = bundleTermsOf(given[0]!.list)
  pieces.push({ root, leaves: 4 * leaves })
  index.endBundle({ rail: 9n, piece: 0, leaves: 4 * leaves })
  store(2)
  await each.step([reached()])
  nowMs = 2_000
  await each.step([reached()])
  expect(index.emptyPieces(9n, 9)).toEqual([0])
  const scheduled: number[] = []
  const remover = createRemover({
    index,
    bundleMs: 600_000,
    chain: {
      readPiece: async (_rail, piece) => pieces[piece],
      schedulePieceRemovals: async (_rail, some) => void scheduled.push(...some),
      removeDuePieces: async () => undefined,
    },
    nowMs: () => nowMs,
    onError: (error) => errors.push(error),
  })
  await remover.step([9n])
  // Another piece has that number: what was to move is in the old one alone.
  pieces.push({ root: root.map((byte) => byte ^ 1), leaves })
  await each.step([reached()])
  nowMs += 600_000
  await remover.step([9n])
  expect([scheduled, index.emptyPieces(9n, 9)]).toEqual([[], []])
})

test('error: a list that nobody takes now is told, and the bundle goes under proof without it', async () => {
  isWithoutOperators = true
  store(1)
  const each = bundler()
  await each.step([reached()])
  nowMs = 1_000
  await each.step([reached()])
  expect([given.length, errors.length]).toEqual([1, 1])
  isWithoutOperators = false
  await each.step([reached()])
  expect(lists).toEqual([given[0]!.list])
})

test('a bundle is written down before the operator has it, and brought by the next process', async () => {
  store(1)
  const first = bundler()
  await first.step([reached()])
  nowMs = 1_000
  await first.step([reached(true)])
  expect(errors).toHaveLength(1)
  store(2)
  await bundler().step([reached()])
  // The same rows as were signed: a second signature for the same piece would be two promises.
  expect(given.map(({ list }) => list.rows.length)).toEqual([1])
})

test('rows of a bundle that another piece took the place of are loose again, and so are rows that moved', async () => {
  store(1)
  const each = bundler()
  await each.step([reached()])
  nowMs = 1_000
  await each.step([reached()])
  pieces.push({ root: new Uint8Array(32).fill(9), leaves: 2 })
  await each.step([reached()])
  const [row, ...others] = index.looseRows(device, 10)
  expect(row).toMatchObject({ row: 1, kind: 'content' })
  // The list of a bundle that never came is let go.
  expect(others).toEqual([])
  await each.step([reached()])
  nowMs = 2_000
  await each.step([reached()])
  expect(given.at(-1)!.list.piece).toBe(1)
  const looseAt = (at: number) => index.looseRows(at, 10).filter(({ kind }) => kind === 'content')
  index.setHolders(row!.slab, new Map([[1, device]]))
  expect(looseAt(device)).toEqual([])
  index.setHolders(row!.slab, new Map([[1, device + 2]]))
  expect(looseAt(device + 2)).toHaveLength(1)
})
