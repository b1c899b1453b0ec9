import { keccak256, parseNetworkId, serializeRuleset, toHex } from '@cairn/protocol'
import { GENESIS } from '@cairn/settlement'
import { expect, test } from 'vitest'
import { deriveInput, HistoryError } from './derive-input.ts'
import type { NetworkView, SlotView } from './network-view.ts'

const document = serializeRuleset({
  sector: 'template',
  version: 1,
  programs: [{ name: 'usage', weightBps: 10_000 }],
  params: {},
  carryEpochs: 8,
})
const hash = toHex(keccak256(document))
const slotOf = (slot: number, epoch: number): SlotView => ({
  slot,
  epoch,
  sealedIn: epoch,
  skipped: false,
  ingest: `0x${'11'.repeat(20)}`,
  root: `0x${'22'.repeat(32)}`,
  count: 1,
  sizeBytes: 100,
})

/** A network with evidence of epochs 0 and 1, of which only these beacons were captured. */
const viewWith = (beacons: ReadonlyMap<number, Uint8Array>): NetworkView => ({
  network: parseNetworkId(`0x${'5a'.repeat(28)}`),
  genesisMs: 1_000_000,
  epochMs: 100_000,
  slots: () => [slotOf(0, 0), slotOf(1, 1)],
  snapshotAt: (epoch) => ({ epoch, deviceCount: 0, device: () => undefined, quarantined: new Set() }),
  rulesetAt: () => ({ hash, document }),
  beaconOf: (epoch) => beacons.get(epoch),
  rootOf: () => undefined,
  budgetOf: async () => [1n, 0n, 0n, 0n],
})
const noReports = async () => []

test('default: each epoch with its beacon', async () => {
  const beacons = new Map([0, 1].map((epoch) => [epoch, new Uint8Array(32).fill(epoch + 1)]))
  const { epochs, evidenceEnd, evidenceSet } = await deriveInput(viewWith(beacons), GENESIS, 1, noReports)
  expect(epochs.map(({ epoch, beacon }) => [epoch, beacon[0]])).toEqual([
    [0, 1],
    [1, 2],
  ])
  expect([evidenceEnd, evidenceSet]).toEqual([2, 3n])
})

test('error: evidence of an epoch whose beacon was not captured, until it is', async () => {
  const beacons = new Map([[0, new Uint8Array(32).fill(1)]])
  const view = viewWith(beacons)
  expect((await deriveInput(view, GENESIS, 0, noReports)).epochs).toHaveLength(1)
  const refused = deriveInput(view, GENESIS, 1, noReports)
  await expect(refused).rejects.toThrow(HistoryError)
  await expect(refused).rejects.toMatchObject({ code: 'history_incomplete' })
  beacons.set(1, new Uint8Array(32).fill(2))
  expect((await deriveInput(view, GENESIS, 1, noReports)).epochs).toHaveLength(2)
})
