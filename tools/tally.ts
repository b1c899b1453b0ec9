/** What a run of tests came to. */
export interface Tally {
  passed: number
  /** Names, each with what went wrong where the tool says so. */
  failed: string[]
  skipped: { name: string; reason: string }[]
}

/** Adds tallies up, in order. */
export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.flatMap((tally) => tally.failed),
    skipped: tallies.flatMap((tally) => tally.skipped),
  }
}

/** The last line of a run: `N passed, N failed`, and `, N skipped` when any were. */
export function formatTally(tally: Tally): string {
  const skipped = tally.skipped.length === 0 ? '' : `, ${tally.skipped.length} skipped`
  return `${tally.passed} passed, ${tally.failed.length} failed${skipped}`
}

/** One line per reason, because many tests are often left out for the same one. */
export function formatSkipped(skipped: Tally['skipped']): string {
  const namesByReason = Map.groupBy(skipped, ({ reason }) => reason)
  return [...namesByReason]
    .map(([reason, tests]) => `  ${reason}:\n${tests.map(({ name }) => `    ${name}`).join('\n')}`)
    .join('\n')
}
