import { BaseError, describeValue } from '@cairn/protocol'

/**
 * Thrown for numbers an economy can not have. Codes: `out_of_range`, for one value outside its bounds; `schedule_too_large`, for
 * a schedule whose total does not fit 96 bits; `inconsistent`, for values that are each in range and do not fit together.
 */
export class EconomicsError extends BaseError {
  override readonly name = 'EconomicsError'
  declare readonly code: 'out_of_range' | 'schedule_too_large' | 'inconsistent'
}

/** Throws `out_of_range` unless `least ≤ value ≤ most`. */
export function requireRange(field: string, value: bigint, least: bigint, most: bigint): void {
  if (value >= least && value <= most) return
  throw new EconomicsError({
    code: 'out_of_range',
    message: `${field} is ${value}; expected ${least} to ${most}.`,
    fix: `Choose another ${field}; specs/7-economics.md has the bounds of every parameter.`,
    field,
    value: describeValue(value),
  })
}

/** Throws `out_of_range` unless `value` is a whole number and `least ≤ value ≤ most`. */
export function requireWhole(field: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  throw new EconomicsError({
    code: 'out_of_range',
    message: `${field} is ${value}; expected a whole number from ${least} to ${most}.`,
    fix: `Choose another ${field}; specs/7-economics.md has the bounds of every parameter.`,
    field,
    value: describeValue(value),
  })
}

/** Values that contradict each other: `what` says which. */
export const inconsistent = (field: string, what: string, fix: string): EconomicsError =>
  new EconomicsError({ code: 'inconsistent', message: what, fix, field })
