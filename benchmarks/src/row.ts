import { BaseError } from '@cairn/protocol'

/** What a row promises of its ratio (DESIGN §9). */
export type Budget = { readonly atLeast: number } | { readonly atMost: number }

/** What the caller decides about a run. */
export interface Scene {
  /** Run workloads at the size that the budget names, even where that takes many minutes. */
  readonly full: boolean
}

/** What one run of a row found. */
export interface Measurement {
  /** In the row's unit. */
  readonly value: number
  /** `value` against the peer or limit, measured in the same run. What the budget is about. */
  readonly ratio: number
  /** Every single figure, by what it is of, in the order they were taken. */
  readonly samples: Readonly<Record<string, readonly number[]>>
  /** Where the run differs from the row's workload, or what else a reader has to know. */
  readonly note?: string
}

/** One figure that the project promises, and how it is measured. */
export interface Row {
  readonly name: string
  /** Of `value`. */
  readonly unit: string
  /** The peer or the limit that `value` is compared with. */
  readonly against: string
  readonly budget: Budget
  readonly workload: string
  /** How each side can be run alone. */
  readonly commands: { readonly ours: string; readonly peer: string }
  /** @throws NotMeasuredError where a part is missing; anything thrown is a miss */
  measure(scene: Scene): Promise<Measurement>
}

/** A row that could not be measured here. It is printed as a miss, never left out. Code `not_measured`. */
export class NotMeasuredError extends BaseError {
  override readonly name = 'NotMeasuredError'

  constructor(message: string, fix: string) {
    super({ code: 'not_measured', message, fix })
  }
}

export function isMet(budget: Budget, ratio: number): boolean {
  if (!Number.isFinite(ratio)) return false
  return 'atLeast' in budget ? ratio >= budget.atLeast : ratio <= budget.atMost
}

/** `ratio ≥ 0.8`. */
export function describeBudget(budget: Budget): string {
  return 'atLeast' in budget ? `ratio ≥ ${budget.atLeast}` : `ratio ≤ ${budget.atMost}`
}
