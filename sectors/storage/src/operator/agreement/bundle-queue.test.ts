import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@cairn/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BundleList } from '../../bundle/bundle-list.ts'
import { patterned } from '../../patterned.fixture.ts'
import { type AgreedBundle, bundleTermsOf } from '../../wire/bundle-agreement.ts'
import { openBundleQueue } from './open-bundle-queue.ts'

let folder: string
let kept: Map<string, BundleList>
let chain: ReturnType<typeof fakeChain>
const log = { info: () => {}, error: () => {} }

const agree = (piece: number, seed = piece): AgreedBundle => {
  const root = patterned(32, seed)
  root[31]! &= 0x3f
  const rows = [{ slab: patterned(32, seed), row: 0, height: 5, root }]
  return { list: { rail: 7n, piece, rows }, signature: new Uint8Array(65).fill(seed + 1) }
}
const rootOf = ({ list }: AgreedBundle) => toHex(bundleTermsOf(list).root)

const fakeChain = () => {
  const state = { pieces: [] as string[], fails: false, outcome: 'added' as 'added' | 'void' }
  return {
    state,
    readNextPiece: async () => state.pieces.length,
    refusalOf: async () => undefined,
    addBundle: async ({ root }: { readonly root: Uint8Array }) => {
      if (state.fails) throw new Error('the rail is not covered')
      if (state.outcome === 'added') state.pieces.push(toHex(root))
      return state.outcome
    },
  }
}
const open = () =>
  openBundleQueue({
    folder: join(folder, 'agreed'),
    log,
    chain,
    store: {
      readBundle: async (rail, piece) => kept.get(`${rail}-${piece}`),
      dropBundle: async (rail, piece) => void kept.delete(`${rail}-${piece}`),
    },
  })
const keep = async (queue: Awaited<ReturnType<typeof open>>, bundle: AgreedBundle) => {
  kept.set(`${bundle.list.rail}-${bundle.list.piece}`, bundle.list)
  await queue.keep(bundle)
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-agreed-'))
  kept = new Map()
  chain = fakeChain()
})
afterEach(() => rm(folder, { recursive: true }))

test('default: what was agreed on is brought to the chain in order, over a restart', async () => {
  const queue = await open()
  for (const piece of [0, 1]) {
    expect(await queue.verify(agree(piece))).toBeUndefined()
    await keep(queue, agree(piece))
  }
  chain.state.fails = true
  await queue.step()
  expect([queue.waiting().length, chain.state.pieces.length]).toEqual([2, 0])
  chain.state.fails = false
  const again = await open()
  expect(again.waiting()).toHaveLength(2)
  await again.step()
  expect(chain.state.pieces).toEqual([rootOf(agree(0)), rootOf(agree(1))])
  expect([again.waiting(), (await open()).waiting(), kept.size]).toEqual([[], [], 2])
})

test('behavior: the same bundle is taken again, before and after it is in; another of its number is not', async () => {
  const queue = await open()
  await keep(queue, agree(0))
  expect(await queue.verify(agree(0))).toBeUndefined()
  expect(await queue.verify(agree(0, 9))).toContain('next piece of rail 7 is 1, not 0')
  expect(await queue.verify(agree(2))).toContain('next piece of rail 7 is 1, not 2')
  await queue.step()
  expect(await queue.verify(agree(0))).toBeUndefined()
  expect(await queue.verify(agree(1))).toBeUndefined()
})

test('behavior: what the chain never takes is let go, with all behind it', async () => {
  const queue = await open()
  await keep(queue, agree(0))
  await keep(queue, agree(1))
  chain.state.outcome = 'void'
  await queue.step()
  expect([queue.waiting(), kept.size]).toEqual([[], 0])
})
