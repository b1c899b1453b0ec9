import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs a module in a fresh process of this Node; it prints one line of JSON. */
export async function runProcess<Answer>(module: URL, ...args: readonly string[]): Promise<Answer> {
  const { stdout } = await run(process.execPath, [fileURLToPath(module), ...args])
  return JSON.parse(stdout) as Answer
}
