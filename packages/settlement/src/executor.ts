import { checkReports } from './check-reports.ts'
import type { Deal } from './deal.ts'
import { hashVerdicts } from './hash-verdicts.ts'
import type { Job, Rows } from './job.ts'
import { type JudgeResult, judgePartitions, keyObservations } from './judge-partitions.ts'
import type { Means } from './settle-input.ts'

/** One share of one phase. Ranges are half open. */
export type Task =
  | { readonly phase: 'check'; readonly job: Job; readonly from: number; readonly to: number }
  | {
      readonly phase: 'key'
      readonly job: Job
      readonly rows: Rows
      readonly deal: Deal
      readonly from: number
      readonly to: number
    }
  | {
      readonly phase: 'judge'
      readonly job: Job
      readonly rows: Rows
      readonly deal: Deal
      /** Lots. */
      readonly from: number
      readonly to: number
      readonly explain: ReadonlySet<number>
    }
  | {
      readonly phase: 'hash'
      readonly rows: Rows
      readonly workRows: Uint8Array
      readonly from: number
      readonly to: number
    }

/** Runs tasks, in one thread or several. The result of settling does not depend on which. */
export interface Executor {
  /** Into how many shares a phase is worth cutting. */
  readonly shares: number
  run(tasks: readonly Task[]): Promise<readonly (JudgeResult | undefined)[]>
}

/** One task in the calling thread. What a worker thread calls, too. */
export function runTask(task: Task, means: Means): JudgeResult | undefined {
  switch (task.phase) {
    case 'check':
      checkReports(task.job, task.from, task.to, means)
      return undefined
    case 'key':
      keyObservations(task, means)
      return undefined
    case 'judge':
      return judgePartitions(task, means)
    case 'hash':
      hashVerdicts(task.rows, task.workRows, task.from, task.to)
      return undefined
  }
}

/** Everything in the calling thread, one task after another. */
export function inlineExecutor(means: Means): Executor {
  return {
    shares: 1,
    run: async (tasks) => tasks.map((task) => runTask(task, means)),
  }
}

/** Cuts 0 … count into at most `shares` ranges of nearly equal length. */
export function cut(count: number, shares: number): { from: number; to: number }[] {
  const ranges: { from: number; to: number }[] = []
  for (let share = 0; share < shares; share++) {
    const from = Math.floor((count * share) / shares)
    const to = Math.floor((count * (share + 1)) / shares)
    if (to > from) ranges.push({ from, to })
  }
  return ranges
}
