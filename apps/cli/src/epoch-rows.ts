import { type NetworkHistory, readBudgetOf } from '@cairn/chain'
import type { OpenNetwork } from './open-network.ts'

/** An epoch as `epoch list` tells it. */
export interface EpochRow {
  readonly epoch: number
  readonly state: string
  /** The standing root that covers the epoch. */
  readonly root: string | null
  readonly evidenceCount: number
  /** Work of all programs in the whole range of the root. */
  readonly totalWork: bigint
  readonly devices: number
  /** Emission of the epoch for all programs, in the token's smallest unit. */
  readonly budget: bigint
  /** First and last epoch of the root. */
  readonly range: readonly [number, number] | null
}

export async function epochRow(open: OpenNetwork, epoch: number): Promise<EpochRow> {
  const { history } = open.followed
  const covering = history.roots.covering(epoch)
  const budget = await readBudgetOf(open, { network: history.network, first: epoch, last: epoch })
  return {
    epoch,
    state: history.phaseOf(epoch, open.now),
    root: covering?.rootId ?? null,
    evidenceCount: evidenceOf(history, epoch).reduce((sum, { count }) => sum + count, 0),
    totalWork: covering?.root.workSums.reduce((sum, work) => sum + work, 0n) ?? 0n,
    devices: history.snapshotAt(epoch).deviceCount,
    budget: budget.reduce((sum, amount) => sum + amount, 0n),
    range: covering === undefined ? null : [covering.root.first, covering.root.last],
  }
}

/** Commitments whose reports count in the epoch, those put off included once. */
export function evidenceOf(history: NetworkHistory, epoch: number) {
  return history.slots.list.filter((slot) => slot.epoch === epoch && !slot.skipped)
}
