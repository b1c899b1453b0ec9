import type { Hex } from '@cairn/protocol'
import { deriveProvingPeriod, type ProvingClock, periodAt } from '../possession/proving-clock.ts'
import { periodSubject, type ReputationRecord } from './record.ts'

/** What the chain's events say of a data set. */
export interface SetHistory {
  readonly set: bigint
  /** Who pays for it; the device's owner where nobody else does. In lower case. */
  readonly payer: Hex
  readonly clock: ProvingClock
  /** The period it was made in. */
  readonly firstPeriod: number
  /** The last one that owes a proof; undefined while the set goes on. */
  readonly lastPeriod: number | undefined
  /** Leaves added, and removed below zero, with block times, in their order. */
  readonly leaves: readonly { readonly at: number; readonly change: bigint }[]
  /** Periods in which it was proven. */
  readonly proven: ReadonlySet<number>
  /** Periods of its schedule whose beacon was captured on time. */
  readonly captured: ReadonlySet<number>
}

/**
 * A record for each period that is over and was proven or missed, in their order, as the contract counts them (spec 10,
 * Faults): missed is a period with leaves when it froze and a beacon captured on time, without a proof.
 *
 * @param now block time, Unix seconds
 */
export const derivePeriods = (of: SetHistory, now: number): readonly ReputationRecord[] => {
  const over = Math.min(periodAt(of.clock, now), (of.lastPeriod ?? Number.MAX_SAFE_INTEGER - 1) + 1)
  const periods = [...new Set([...of.proven, ...of.captured])]
    .filter((period) => period >= of.firstPeriod && period < over)
    .sort((a, b) => a - b)
  let place = 0
  let leaves = 0n
  const records: ReputationRecord[] = []
  for (const period of periods) {
    const { frozenFrom, endsAt } = deriveProvingPeriod(of.clock, period)
    for (; place < of.leaves.length && of.leaves[place]!.at < frozenFrom; place++)
      leaves += of.leaves[place]!.change
    if (leaves === 0n) continue
    records.push({
      kind: 'period',
      outcome: of.proven.has(period) ? 'proven' : 'missed',
      payer: of.payer,
      at: endsAt,
      subject: periodSubject(of.set, period),
      amount: leaves,
    })
  }
  return records
}
