import type { Inequality, Remedy } from '@cairn/economics'
import { dollars, tokens } from '../output/amounts.ts'
import { table } from '../output/table.ts'

/** Says how a remedy is taken: for a network that is being created, or one that exists. */
export type FixText = (remedy: Remedy) => string

/** An inequality as `--json` prints it. */
export interface SafetyRow extends Omit<Inequality, 'remedy'> {
  /** What to do; null where it holds. */
  readonly fix: string | null
}

export function safetyRows(inequalities: readonly Inequality[], fixOf: FixText): SafetyRow[] {
  return inequalities.map(({ remedy, ...row }) => ({ ...row, fix: row.holds ? null : fixOf(remedy) }))
}

/** A table of all, and below it what to do about those that do not hold. */
export function safetyTable(rows: readonly SafetyRow[]): string {
  const lines = table(
    ['', 'inequality', 'has', 'needs', 'what'],
    rows.map((row) => [
      row.holds ? 'safe' : 'UNSAFE',
      row.name,
      quantity(row.left, row.unit),
      quantity(row.right, row.unit),
      row.meaning,
    ]),
  )
  return [lines, ...failing(rows)].join('\n')
}

/** One line for each inequality that does not hold. */
export function failing(rows: readonly SafetyRow[]): string[] {
  return rows
    .filter(({ holds }) => !holds)
    .map(
      ({ name, left, right, unit, meaning, fix }) =>
        `${name}: ${meaning}; it is ${quantity(left, unit)} against ${quantity(right, unit)}. ${fix}`,
    )
}

/** Tokens for people who type them: whole ones, rounded up. */
export function wholeTokens(amount: bigint): string {
  const unit = 10n ** 18n
  return `${(amount + unit - 1n) / unit}`
}

function quantity(value: bigint, unit: Inequality['unit']): string {
  if (unit === 'tokens') return `${tokens(value)} tokens`
  if (unit === 'credits') return dollars(value)
  if (unit === 'bps') return `${value} bps`
  return unit === 'seconds' ? `${value} s` : `${value}`
}
