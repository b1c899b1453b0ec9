import type { Tally } from './tally.ts'

interface ForgeResult {
  status: 'Success' | 'Failure' | 'Skipped'
  reason: string | null
}

/**
 * Parses what `forge test --json` prints on standard output. forge ends with code 0 even when tests failed, so this,
 * not the exit code, says what happened.
 *
 * @throws Error when the output holds no report, as when the contracts do not compile.
 */
export function parseForgeTally(output: string): Tally {
  const tally: Tally = { passed: 0, failed: [], skipped: [] }
  if (/^(Nothing to compile|No tests found)/m.test(output)) return tally
  const line = output.split('\n').find((candidate) => candidate.startsWith('{'))
  if (line === undefined) {
    throw new Error(
      `forge printed no test report but ${JSON.stringify(output.slice(0, 200))}. Run \`npx forge test\` to see why.`,
    )
  }
  const suites = JSON.parse(line) as Record<string, { test_results: Record<string, ForgeResult> }>
  for (const [suite, { test_results: results }] of Object.entries(suites)) {
    for (const [test, { status, reason }] of Object.entries(results)) {
      const name = `${suite} > ${test}`
      if (status === 'Success') tally.passed++
      else if (status === 'Skipped') tally.skipped.push({ name, reason: reason || 'no reason given' })
      else tally.failed.push(reason ? `${name}: ${reason}` : name)
    }
  }
  return tally
}
