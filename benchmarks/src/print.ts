import { describeBudget, type Row } from './row.ts'
import type { Result } from './run-row.ts'

/** `--list`, for people and for programs. */
export function listRow(row: Row, json: boolean): string {
  const { name, unit, against, workload } = row
  const budget = describeBudget(row.budget)
  return json
    ? JSON.stringify({ name, unit, against, budget, workload })
    : `${name.padEnd(26)} ${budget.padEnd(14)} ${unit}, against ${against}`
}

/** One result, for people: the figure first, then everything it follows from. */
export function describeResult(result: Result): string {
  const { name, value, unit, ratio, against, budget, met, commands, workload, note, load } = result
  const figure = value === null ? 'not measured' : `${value} ${unit}, ratio ${ratio}`
  const samples = Object.entries(result.samples).map(
    ([of, values]) => `    ${of}: ${values.map(short).join(', ')}`,
  )
  return [
    `${met ? 'met   ' : 'MISSED'} ${name}: ${figure} (budget: ${budget} against ${against})`,
    ...(note === undefined ? [] : [`    note: ${note.replaceAll('\n', ' ')}`]),
    `    workload: ${workload}`,
    ...samples,
    `    ours: ${commands.ours}`,
    `    peer: ${commands.peer}`,
    `    load of the machine: ${load.before} before, ${load.after} after, ${load.cores} cores`,
  ].join('\n')
}

const short = (value: number): string => `${Number(value.toPrecision(6))}`
