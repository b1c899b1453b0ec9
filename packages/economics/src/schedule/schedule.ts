import { TOTAL_MAX } from '../arithmetic/units.ts'
import { EconomicsError } from '../economics-error.ts'

/** A fixed emission schedule: `IEmission` of the contracts. Amounts are in the token's smallest unit. */
export interface Schedule {
  /** Emitted before `epoch` starts: 0 for epoch 0, never decreasing, at most {@link Schedule.total}. Epochs are whole, 0 to 2^32 − 1. */
  readonly cumulative: (epoch: number) => bigint
  /** The most that is ever emitted, below 2^96. */
  readonly total: bigint
}

/** What `schedule` emits in the epochs `first` to `last`. */
export const emissionOf = (schedule: Schedule, first: number, last: number): bigint =>
  schedule.cumulative(last + 1) - schedule.cumulative(first)

/** Throws `schedule_too_large` where `total` does not fit 96 bits. */
export function requireTotal(total: bigint): bigint {
  if (total <= TOTAL_MAX) return total
  throw new EconomicsError({
    code: 'schedule_too_large',
    message: `The schedule emits ${total} in total; expected at most ${TOTAL_MAX}, the largest number of 96 bits.`,
    fix: 'Emit less per epoch, or let it decay faster.',
    field: 'total',
    value: String(total),
  })
}
