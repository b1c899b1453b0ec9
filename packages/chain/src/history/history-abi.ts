import type { ParseEventLogsReturnType } from 'viem'
import { devicesAbi } from '../generated/devices.ts'
import { evidenceAbi } from '../generated/evidence.ts'
import { networksAbi } from '../generated/networks.ts'
import { settlementAbi } from '../generated/settlement.ts'
import { stakeAbi } from '../generated/stake.ts'

/** The contracts whose events make a network's history. */
export const historyContracts = ['networks', 'devices', 'stake', 'evidence', 'settlement'] as const

/** Their events, and what else is in their ABIs. */
export const historyAbi = [
  ...networksAbi,
  ...devicesAbi,
  ...stakeAbi,
  ...evidenceAbi,
  ...settlementAbi,
] as const

/** Where an event stands, and when it was where that matters. */
export interface LogPlace {
  readonly blockNumber: number
  readonly logIndex: number
  /** Unix seconds of the block; always there for the events in {@link timedEvents}. */
  readonly timestamp?: number | undefined
}

type Decoded = ParseEventLogsReturnType<typeof historyAbi, undefined, true>[number]

type Placed<E> = E extends { readonly eventName: infer Name; readonly args: infer Args }
  ? LogPlace & { readonly eventName: Name; readonly args: Args }
  : never

/** An event of those contracts, decoded: `eventName` says which `args` it has. */
export type HistoryEvent = Placed<Decoded>

/** Events whose meaning depends on the time of their block. */
export const timedEvents: readonly string[] = ['Slashed']
