/** `npm test`: every check in order, to the end whatever fails, then one line with the totals. */
import { spawn } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseForgeTally } from './forge-tally.ts'
import { addTallies, formatSkipped, formatTally, type Tally } from './tally.ts'

const root = join(import.meta.dirname, '..')
const isSlowIncluded = process.env.CAIRN_SLOW === '1'

interface Step {
  name: string
  /** Throws when the step itself could not be carried out; failing tests are in the tally. */
  run: () => Promise<Tally>
}

/** The compiler takes minutes of one core, and nothing but forge's tests waits for it. */
const building: Step = { name: 'forge build', run: () => check('forge', ['build']) }

const besides: readonly Step[] = [
  { name: 'Biome', run: () => check('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'TypeScript', run: () => check('tsc', ['--noEmit']) },
  { name: 'knip', run: () => check('knip', ['--no-progress', '--no-config-hints']) },
  { name: 'vitest', run: () => runVitest('') },
  ...(isSlowIncluded ? [{ name: 'slow tests', run: () => runVitest('slow') }] : []),
]

/** Each alone: forge takes all cores, and networks have clocks that nothing should disturb. */
const afterwards: readonly Step[] = [
  { name: 'forge test', run: runForge },
  ...(isSlowIncluded
    ? [
        { name: 'networks', run: () => runVitest('network') },
        { name: 'crash rounds', run: () => runVitest('alone') },
      ]
    : []),
]

/** A static check passes or fails as one. */
async function check(program: string, args: readonly string[]): Promise<Tally> {
  const { code, stdout, stderr } = await execute(program, args)
  if (code === 0) return { passed: 1, failed: [], skipped: [] }
  process.stdout.write(stdout + stderr)
  return { passed: 0, failed: [`${program} ${args.join(' ')} ended with code ${code}`], skipped: [] }
}

async function runForge(): Promise<Tally> {
  const { stdout, stderr } = await execute('forge', ['test', '--json'])
  return parseForgeTally(stdout || stderr)
}

/** @param slow CAIRN_SLOW for vitest: which of the long tests, or none of them but all others */
async function runVitest(slow: '' | 'slow' | 'network' | 'alone'): Promise<Tally> {
  const directory = mkdtempSync(join(tmpdir(), 'cairn-test-'))
  const tallyPath = join(directory, 'tally.json')
  try {
    const args = ['run', '--reporter=default', '--reporter=./tools/vitest-tally.ts', '--silent=passed-only']
    const env = { CAIRN_TALLY: tallyPath, CAIRN_SLOW: slow }
    const { code } = await execute('vitest', args, { env, stdio: 'inherit' })
    const tally = JSON.parse(readFileSync(tallyPath, 'utf8')) as Tally
    if (code !== 0 && tally.failed.length === 0)
      tally.failed.push(`vitest ended with code ${code} but names no failed test`)
    return { ...tally, skipped: [...tally.skipped, ...slowTests()] }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function slowTests(): Tally['skipped'] {
  if (isSlowIncluded) return []
  return globSync(
    '{packages,sectors,services,apps,examples,benchmarks,tools}/**/*.{slow,network,alone}.test.ts',
    {
      cwd: root,
      exclude: (path) => /(^|\/)(node_modules|dist)(\/|$)/.test(path),
    },
  )
    .sort()
    .map((name) => ({ name, reason: 'takes minutes; set CAIRN_SLOW=1 to run it' }))
}

interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

interface How {
  readonly env?: NodeJS.ProcessEnv
  readonly stdio?: 'pipe' | 'inherit'
}

function execute(program: string, args: readonly string[], how: How = {}): Promise<Outcome> {
  const { env = {}, stdio = 'pipe' } = how
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'node_modules', '.bin', program), args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', stdio, stdio],
    })
    const outcome = { stdout: '', stderr: '' }
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      outcome.stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      outcome.stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...outcome }))
  })
}

async function runInTurn(steps: readonly Step[]): Promise<Tally[]> {
  const tallies: Tally[] = []
  for (const { name, run } of steps) {
    const startedAtMs = performance.now()
    const tally = await run().catch(
      (error: Error): Tally => ({ passed: 0, failed: [`${name}: ${error.message}`], skipped: [] }),
    )
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
    console.log(
      `${tally.failed.length === 0 ? '✓' : '✗'} ${name.padEnd(12)} ${formatTally(tally)} (${seconds} s)`,
    )
    tallies.push(tally)
  }
  return tallies
}

const sideBySide = await Promise.all([runInTurn([building]), runInTurn(besides)])
const total = addTallies([...sideBySide.flat(), ...(await runInTurn(afterwards))])
if (total.skipped.length > 0) console.log(`\nLeft out:\n${formatSkipped(total.skipped)}`)
if (total.failed.length > 0) console.log(`\nFailed:\n${total.failed.map((line) => `  ${line}`).join('\n')}`)
console.log(`\n${formatTally(total)}`)
process.exitCode = total.failed.length === 0 ? 0 : 1
