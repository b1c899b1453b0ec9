import type { CarryEntry, Hex, NetworkId, Ruleset, Sector, Sha256, VerifyP256, Work4 } from '@cairn/protocol'
import type { Snapshot } from './snapshot.ts'

/** The reports of one commitment, in index order, as its segments hold them. */
export interface SlotEvidence {
  readonly slot: number
  readonly epoch: number
  readonly root: Hex
  readonly reports: readonly Uint8Array[]
  /** Settled by an earlier root: taken into account only to recognise copies. */
  readonly prior?: boolean
}

/** Everything that is fixed about one epoch, and the evidence that counts in it. */
export interface EpochInput {
  readonly epoch: number
  readonly startMs: number
  readonly endMs: number
  readonly beacon: Uint8Array
  readonly snapshot: Snapshot
  readonly ruleset: Ruleset
  /** In slot order. */
  readonly slots: readonly SlotEvidence[]
}

/** What a root leaves behind for the next one. */
export interface SettledState {
  readonly rootId: Hex
  readonly last: number
  readonly evidenceEnd: number
  /** By device index. */
  readonly cumulative: readonly bigint[]
  /** In ascending key order. */
  readonly carry: readonly CarryEntry[]
  readonly rollover: Work4
}

/** The state before the first root. */
export const GENESIS: SettledState = {
  rootId: `0x${'00'.repeat(32)}`,
  last: -1,
  evidenceEnd: 0,
  cumulative: [],
  carry: [],
  rollover: [0n, 0n, 0n, 0n],
}

export interface SettleInput {
  readonly network: NetworkId
  readonly parent: SettledState
  /** The range's last epoch; its first is the one after the parent's last. */
  readonly last: number
  /** Epochs with evidence, ascending; deferred ones may lie before the range. */
  readonly epochs: readonly EpochInput[]
  readonly lastSnapshot: Snapshot
  readonly lastRuleset: Ruleset
  readonly lastRulesetHash: Hex
  /** Emission of the range for each program, before rollover. */
  readonly budgets: Work4
  readonly evidenceEnd: number
  readonly evidenceSet: bigint
}

/** What settling needs from outside and can not change the result. */
export interface Means {
  /** Sectors by id: the one that a ruleset names verifies its epochs. */
  readonly sectors: ReadonlyMap<string, Sector>
  readonly sha256: Sha256
  readonly verifyP256: VerifyP256
}
