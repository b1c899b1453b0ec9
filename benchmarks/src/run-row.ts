import { availableParallelism, loadavg } from 'node:os'
import { describeBudget, isMet, type Measurement, type Row, type Scene } from './row.ts'

/** A line of `npm run bench -- --json`. What could not be measured has no value and no ratio, and is not met. */
export interface Result {
  readonly name: string
  readonly value: number | null
  readonly unit: string
  readonly ratio: number | null
  readonly against: string
  readonly budget: string
  readonly met: boolean
  readonly samples: Measurement['samples']
  readonly commands: Row['commands']
  readonly workload: string
  readonly note?: string
  /** Runnable threads of the whole machine before and after, and its cores: what else was going on. */
  readonly load: { readonly before: number; readonly after: number; readonly cores: number }
}

/** Measures a row. It never throws: a failure is a miss with the failure as its note. */
export async function runRow(row: Row, scene: Scene): Promise<Result> {
  const before = round(loadavg()[0]!)
  const outcome = await row.measure(scene).catch((error: unknown) => failure(error))
  const load = { before, after: round(loadavg()[0]!), cores: availableParallelism() }
  return { ...toResult(row, outcome), load }
}

/** A row and what was measured (or why not), as it is printed. */
export function toResult(row: Row, outcome: Measurement | { readonly note: string }): Omit<Result, 'load'> {
  const { name, unit, against, budget, workload, commands } = row
  const measured = 'ratio' in outcome ? outcome : undefined
  return {
    name,
    value: measured === undefined ? null : round(measured.value),
    unit,
    ratio: measured === undefined ? null : round(measured.ratio),
    against,
    budget: describeBudget(budget),
    met: measured !== undefined && isMet(budget, measured.ratio),
    samples: measured?.samples ?? {},
    commands,
    workload,
    ...(outcome.note === undefined ? {} : { note: outcome.note }),
  }
}

function failure(error: unknown): { note: string } {
  return { note: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
}

/** Four significant digits, or whole numbers. */
function round(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))
}
