import {
  evidenceTree,
  type NetworkId,
  parseNetworkId,
  parseReport,
  type Ruleset,
  recordHash,
  rulesetHash,
  type Sector,
  serializeRuleset,
  toHex,
} from '@cairn/protocol'
import { createVerifyP256, sha256 } from '@cairn/runtime'
import {
  type EpochInput,
  GENESIS,
  type Means,
  type SettledState,
  type SettleInput,
  type SlotEvidence,
  type Snapshot,
} from '@cairn/settlement'
import type { TestDevice } from './test-device.ts'

/** The network that unit tests speak of. */
export const TEST_NETWORK: NetworkId = parseNetworkId(`0x${'c5'.repeat(28)}`)

export const EPOCH_MS = 60_000

/** Node's cryptography, and the given sectors. */
export function testMeans(...sectors: readonly Sector[]): Means {
  return {
    sectors: new Map(sectors.map((sector) => [sector.id, sector])),
    sha256,
    verifyP256: createVerifyP256(),
  }
}

/** The ruleset of a sector's defaults. */
export function defaultRuleset(sector: Sector): Ruleset {
  return {
    sector: sector.id,
    version: sector.version,
    programs: sector.defaultPrograms.map(({ name, weightBps }) => ({ name, weightBps })),
    params: JSON.parse(JSON.stringify(sector.defaultParams)),
    carryEpochs: 8,
  }
}

/** A snapshot of the devices, of which some may be revoked. */
export function testSnapshot(
  epoch: number,
  devices: readonly TestDevice[],
  revoked: readonly number[] = [],
): Snapshot {
  return {
    epoch,
    deviceCount: devices.length,
    device: (index) => {
      const device = devices[index]
      return device && { key: device.key, deviceClass: device.deviceClass, revoked: revoked.includes(index) }
    },
    quarantined: new Set(),
  }
}

/** A commitment to reports, as an ingest would make it. */
export function testSlot(slot: number, epoch: number, reports: readonly Uint8Array[]): SlotEvidence {
  const hashes = new Uint8Array(32 * reports.length)
  reports.forEach((report, i) => {
    const { headerBytes, signature } = parseReport(report)
    hashes.set(recordHash(headerBytes, signature, sha256), 32 * i)
  })
  return { slot, epoch, root: toHex(evidenceTree(hashes).root), reports }
}

export function testEpoch(
  epoch: number,
  ruleset: Ruleset,
  snapshot: Snapshot,
  slots: readonly SlotEvidence[],
): EpochInput {
  const startMs = epoch * EPOCH_MS
  return {
    epoch,
    startMs,
    endMs: startMs + EPOCH_MS,
    beacon: new Uint8Array(32).fill(epoch + 1),
    snapshot,
    ruleset,
    slots,
  }
}

/** Input for a root over the given epochs, with `budget` for the first program. */
export function testInput(
  epochs: readonly EpochInput[],
  { parent = GENESIS, budget = 1_000_000n }: { parent?: SettledState; budget?: bigint } = {},
): SettleInput {
  const last = epochs.at(-1)!
  const slots = epochs.flatMap(({ slots }) => slots).filter(({ prior }) => !prior)
  return {
    network: TEST_NETWORK,
    parent,
    last: last.epoch,
    epochs,
    lastSnapshot: last.snapshot,
    lastRuleset: last.ruleset,
    lastRulesetHash: rulesetHash(serializeRuleset(last.ruleset)),
    budgets: [budget, 0n, 0n, 0n],
    evidenceEnd: parent.evidenceEnd + slots.length,
    evidenceSet: (1n << BigInt(slots.length)) - 1n,
  }
}
