/** The vitest reporter `npm test` reads: vitest's own JSON leaves out why a test was skipped. */
import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { Tally } from './tally.ts'

/** Writes a {@link Tally} of the run as JSON to the path in CAIRN_TALLY, and nothing when that is unset. */
export default class VitestTally implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly { message: string }[]): void {
    const path = process.env.CAIRN_TALLY
    if (path === undefined) return
    const tally: Tally = { passed: 0, failed: [], skipped: [] }
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId)
      for (const error of module.errors()) tally.failed.push(`${file}: ${error.message}`)
      for (const testCase of module.children.allTests()) count(tally, file, testCase)
    }
    for (const error of unhandled) tally.failed.push(`outside any test: ${error.message}`)
    writeFileSync(path, JSON.stringify(tally))
  }
}

function count(tally: Tally, file: string, testCase: TestCase): void {
  const name = `${file} > ${testCase.fullName}`
  const result = testCase.result()
  if (result.state === 'passed') tally.passed++
  else if (result.state === 'skipped') tally.skipped.push({ name, reason: result.note ?? 'no reason given' })
  else tally.failed.push(name)
}
