import { BenchArgumentsError, parseArguments } from './parse-arguments.ts'
import { describeResult, listRow } from './print.ts'
import { rows as allRows } from './rows.ts'
import { runRow } from './run-row.ts'

try {
  const { rows, json, list, full, strict } = parseArguments(process.argv.slice(2), allRows)
  let missed = 0
  for (const row of rows) {
    if (list) {
      console.log(listRow(row, json))
      continue
    }
    const result = await runRow(row, { full })
    if (!result.met) missed++
    console.log(json ? JSON.stringify(result) : describeResult(result))
  }
  if (strict && missed > 0) process.exitCode = 1
} catch (error) {
  if (!(error instanceof BenchArgumentsError)) throw error
  console.error(error.message)
  process.exitCode = 2
}
