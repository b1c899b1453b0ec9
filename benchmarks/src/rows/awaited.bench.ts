import { type Budget, NotMeasuredError, type Row } from '../row.ts'

/** What is promised of sectors that are still to be built (DESIGN §9). Each is a miss until its own row takes its place. */
export const awaited: readonly Row[] = [
  row('s3-large-objects', 'single-copy S3 servers, 4 MiB PUT and GET', { atLeast: 1 }, 'the storage sector'),
  row(
    's3-small-objects',
    'single-copy S3 servers, 16 KiB PUT and GET',
    { atLeast: 0.7 },
    'the storage sector',
  ),
  row('job-start', 'bare runc', { atMost: 2 }, 'the compute sector'),
]

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
