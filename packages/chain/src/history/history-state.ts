import type { Hex } from '@cairn/protocol'
import type { Address } from 'viem'
import type { NetworkConfig } from '../networks/config-of.ts'
import { createDeviceHistory } from './device-history.ts'
import { createRootHistory } from './root-history.ts'
import { createRulesetHistory } from './ruleset-history.ts'
import { createSlotHistory } from './slot-history.ts'
import { createStakeHistory } from './stake-history.ts'

/** What the event of its creation says about a network. */
export interface NetworkCreation {
  readonly creator: Address
  readonly config: NetworkConfig
  readonly vault: Address
  readonly reserve: Address
}

/** Everything a history knows. Events change it, undos change it back. */
export function emptyState() {
  return {
    creation: undefined as NetworkCreation | undefined,
    devices: createDeviceHistory(),
    rulesets: createRulesetHistory(),
    slots: createSlotHistory(),
    stakes: createStakeHistory(),
    roots: createRootHistory(),
    beacons: new Map<number, Hex>(),
    quarantined: [] as readonly { readonly reportHash: Hex; readonly fromEpoch: number }[],
  }
}

export type HistoryState = ReturnType<typeof emptyState>
