import { type Budget, NotMeasuredError, type Row } from '../row.ts'

/** What is promised of sectors that are still to be built (DESIGN §9). Each is a miss until its own row takes its place. */
export const awaited: readonly Row[] = [row('job-start', 'bare runc', { atMost: 2 }, 'the compute sector')]

function row(name: string, against: string, budget: Budget, part: string): Row {
  return {
    name,
    unit: 'not decided',
    against,
    budget,
    workload: `none yet: ${part} is not built`,
    commands: { ours: 'none yet', peer: 'none yet' },
    async measure() {
      throw new NotMeasuredError(
        `${part} is not built yet.`,
        `Build it, and put a row "${name}" of its own in place of this one.`,
      )
    },
  }
}
