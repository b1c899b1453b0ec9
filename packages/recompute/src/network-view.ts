import type { Hex, NetworkId, Root, Work4 } from '@cairn/protocol'
import type { Snapshot } from '@cairn/settlement'
import type { Commitment } from './commitment.ts'

/** A place of the network's evidence list (spec 3). */
export interface SlotView extends Commitment {
  readonly sealedIn: number
  /** Deferred to a later slot, or dropped. */
  readonly skipped: boolean
}

/** What recomputing has to know of a network: all of it follows from the chain's events, and nothing from anybody's word. */
export interface NetworkView {
  readonly network: NetworkId
  readonly genesisMs: number
  readonly epochMs: number
  slots(): readonly SlotView[]
  snapshotAt(epoch: number): Snapshot
  /** The document that hashes to `hash`, in force in `epoch`. */
  rulesetAt(epoch: number): { readonly hash: Hex; readonly document: Uint8Array }
  /** 32 bytes; undefined when not captured. */
  beaconOf(epoch: number): Uint8Array | undefined
  /** A root that was proposed at any time, accepted or not. */
  rootOf(rootId: Hex): Root | undefined
  /** Emission of first … last by program, as the chain says. */
  budgetOf(first: number, last: number): Promise<Work4>
}
