import { epochEnd, type NetworkHistory, readBudgetOf, revertDataOf } from '@cairn/chain'
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
  /** Emission of the epoch for all programs, in the token's smallest unit; null while it follows what customers still pay in the epoch. */
  readonly budget: bigint | null
  /** First and last epoch of the root. */
  readonly range: readonly [number, number] | null
}

export async function epochRow(open: OpenNetwork, epoch: number): Promise<EpochRow> {
  const { history } = open.followed
  const covering = history.roots.covering(epoch)
  return {
    epoch,
    state: history.phaseOf(epoch, open.now),
    root: covering?.rootId ?? null,
    evidenceCount: evidenceOf(history, epoch).reduce((sum, { count }) => sum + count, 0),
    totalWork: covering?.root.workSums.reduce((sum, work) => sum + work, 0n) ?? 0n,
    devices: history.snapshotAt(epoch).deviceCount,
    budget: await budgetOf(open, epoch),
    range: covering === undefined ? null : [covering.root.first, covering.root.last],
  }
}

async function budgetOf(open: OpenNetwork, epoch: number): Promise<bigint | null> {
  const { network, timeline } = open.followed.history
  try {
    const perProgram = await readBudgetOf(open, { network, first: epoch, last: epoch })
    return perProgram.reduce((sum, amount) => sum + amount, 0n)
  } catch (error) {
    // A band refuses epochs that are not over.
    if (open.now < epochEnd(timeline, epoch) && revertDataOf(error) !== undefined) return null
    throw error
  }
}

/** Commitments whose reports count in the epoch, those put off included once. */
export function evidenceOf(history: NetworkHistory, epoch: number) {
  return history.slots.list.filter((slot) => slot.epoch === epoch && !slot.skipped)
}
