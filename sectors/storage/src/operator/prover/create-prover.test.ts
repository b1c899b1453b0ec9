import { mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromHex } from '@cairn/protocol'
import { manualClock } from '@cairn/runtime'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sortBundleRows } from '../../bundle/bundle-list.ts'
import { type Bundle, deriveBundle } from '../../bundle/derive-bundle.ts'
import { verifyPiecePath } from '../../piece/piece-path.ts'
import { derivePieceHeight } from '../../piece/piece-size.ts'
import type { LeafProof } from '../../possession/answer-challenges.ts'
import { type NewRow, openRowStore, type RowStore } from '../store/open-row-store.ts'
import { testRow } from '../store/test-rows.fixture.ts'
import { createProver, type SetStanding } from './create-prover.ts'

let folder: string
let store: RowStore
let bundle: Bundle
const rows = [300, 20_000, 127, 70_000, 5].map((size, i) => testRow(i, size, 50))
const log = { info: () => {}, error: () => {} }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-prover-'))
  store = await openRowStore({ folder, capacityBytes: 2 ** 24 })
  await Promise.all(rows.map((row) => store.put(row)))
  const list = sortBundleRows(rows.map(bundleRowOf))
  bundle = deriveBundle(list)
  await store.addBundle({ rail: 3n, piece: 0, rows: list })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

const bundleRowOf = ({ slab, row, bytes }: NewRow) => ({
  slab,
  row,
  height: derivePieceHeight(bytes.length),
  root: store.find(slab, row)!.root,
})

/** A chain with one set, which checks proofs as the contract does. */
const fakeChain = (leaves: readonly number[]) => {
  const state = {
    standing: {
      rail: 3n,
      set: 8n,
      period: 5,
      isCapturable: true,
      isProven: false,
      challenges: [],
      faults: 0,
      removed: [],
    } as SetStanding,
    sent: 0,
    lost: 0,
  }
  return {
    state,
    readSets: async () => [state.standing],
    capture: async () => {
      state.standing = { ...state.standing, challenges: leaves.map((leaf) => ({ piece: 0, leaf })) }
    },
    prove: async (_: bigint, proofs: readonly LeafProof[]) => {
      state.sent += 1
      if (state.lost-- > 0) throw new Error('the transaction was lost')
      const isRight = proofs.every(({ leaf, path }, i) => {
        expect(path.length).toBe(bundle.height)
        return verifyPiecePath(bundle.root, fromHex(leaf), leaves[i]!, path.map(fromHex))
      })
      expect([isRight, proofs.length]).toEqual([true, leaves.length])
      state.standing = { ...state.standing, isProven: true }
    },
  }
}

test('default: the beacon is taken, the challenges are answered from the store, and nothing is sent twice', async () => {
  const leaves = Array.from({ length: 64 }, (_, i) => (i * 7_919) % bundle.leaves)
  const chain = fakeChain(leaves)
  const prover = createProver({ store, chain, clock: manualClock(), log, pollMs: 1 })
  for (let turn = 0; turn < 4; turn++) await prover.step()
  expect(chain.state.sent).toBe(1)
  expect(prover.status()).toMatchObject({ sets: 1, proofs: 1, faults: 0 })
  expect([...prover.status().lastProven]).toEqual([[8n, 5]])
})

test('behavior: a proof that was lost is sent again', async () => {
  const chain = fakeChain([1, 2])
  chain.state.lost = 1
  const prover = createProver({ store, chain, clock: manualClock(), log, pollMs: 1 })
  await prover.step()
  await prover.step()
  expect(prover.status().problems.get(8n)).toMatchObject({ message: 'the transaction was lost' })
  await prover.step()
  await prover.step()
  expect([chain.state.sent, prover.status().problems.size]).toEqual([2, 0])
})

test('behavior: a damaged row is told, and no wrong proof is sent', async () => {
  const chain = fakeChain([0])
  const { offset, metaBytes } = store.find(rows[3]!.slab, 0)!
  const [volume] = await readdir(join(folder, 'volumes'))
  const file = await open(join(folder, 'volumes', volume!), 'r+')
  await file.write(Uint8Array.of(rows[3]!.bytes[100]! ^ 1), 0, 1, offset + 20 + metaBytes + 100)
  await file.close()
  const prover = createProver({ store, chain, clock: manualClock(), log, pollMs: 1 })
  await prover.step()
  await prover.step()
  expect(chain.state.sent).toBe(0)
  expect(prover.status().problems.get(8n)).toMatchObject({ code: 'damaged_row' })
})

test('behavior: rows stay while their bundle is under challenge, and go when it is removed', async () => {
  const chain = fakeChain([0])
  const clock = manualClock(1_000_000)
  const prover = createProver({ store, chain, clock, log, pollMs: 1 })
  await prover.step()
  expect((await store.usage()).rows).toBe(5)
  chain.state.standing = { ...chain.state.standing, isProven: true, removed: [0] }
  await prover.step()
  expect([(await store.usage()).rows, store.bundles()]).toEqual([0, []])
})

test('error: a bundle that is not here', async () => {
  const chain = fakeChain([0])
  await store.dropBundle(3n, 0)
  const prover = createProver({ store, chain, clock: manualClock(), log, pollMs: 1 })
  await prover.step()
  await prover.step()
  expect(prover.status().problems.get(8n)).toMatchObject({ code: 'no_such_piece' })
})
