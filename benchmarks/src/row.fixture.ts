import type { Measurement, Row } from './row.ts'

/** A row for tests of the harness, which measures what it is told. */
export const testRow = (name: string, measure: () => Promise<Measurement>): Row => ({
  name,
  unit: 's',
  against: 'a peer',
  budget: { atLeast: 2 },
  workload: 'nothing',
  commands: { ours: 'ours', peer: 'theirs' },
  measure,
})
