/** `npm run fuzz -- [--runs N]`: everything that parses what strangers send, on N random inputs each. Without --runs, the budget of CI. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')

/** What is fuzzed, and how many inputs cost as much as one of the cheapest. */
const surfaces: readonly {
  readonly name: string
  readonly files: readonly string[]
  readonly cost: number
}[] = [
  {
    name: 'reports, against another CBOR library too',
    files: ['packages/protocol/src/report/report.fuzz.test.ts'],
    cost: 4,
  },
  {
    name: 'receipts, segments, log records',
    files: ['receipt', 'segment', 'log-record'].map(
      (name) => `packages/protocol/src/evidence/${name}.test.ts`,
    ),
    cost: 2,
  },
  { name: 'rulesets', files: ['packages/protocol/src/ruleset/ruleset.test.ts'], cost: 2 },
  {
    name: 'published evidence and kept states',
    files: ['packages/recompute/src/evidence.fuzz.test.ts'],
    cost: 2,
  },
  {
    name: 'Semtech UDP datagrams',
    files: ['sectors/wireless/src/semtech-udp/datagram.fuzz.test.ts'],
    cost: 4,
  },
  { name: 'LoRaWAN frames', files: ['sectors/wireless/src/lorawan/frame.test.ts'], cost: 1 },
  { name: 'names of pieces', files: ['sectors/storage/src/piece/piece-cid.test.ts'], cost: 2 },
  {
    name: 'observations, by the conformance suite of each sector',
    files: ['sectors/wireless/src/wireless.test.ts', 'sectors/template/src/template.test.ts'],
    cost: 100,
  },
  { name: 'bodies and logs of an ingest, over HTTP', files: ['services/ingest/src/fuzz.test.ts'], cost: 50 },
  { name: 'bodies of a watcher', files: ['services/watcher/src/receipt-routes.fuzz.test.ts'], cost: 20 },
]

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20000' } } })
const runs = Number(values.runs)
if (!Number.isSafeInteger(runs) || runs < 1)
  throw new RangeError(`--runs is ${values.runs}; it has to be a whole number from 1 on.`)

const failed: string[] = []
for (const { name, files, cost } of surfaces) {
  const share = Math.max(100, Math.ceil(runs / cost))
  const startedMs = performance.now()
  const { status } = spawnSync(
    join(root, 'node_modules/.bin/vitest'),
    ['run', '--reporter=dot', '--testTimeout=86400000', ...files],
    { cwd: root, env: { ...process.env, FUZZ_RUNS: `${share}` }, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1)
  console.log(`${status === 0 ? '✓' : '✗'} ${name}: ${share} runs each property (${seconds} s)`)
  if (status !== 0) failed.push(files.join(' '))
}
if (failed.length > 0)
  console.log(
    `\nSee what failed, and the seed that repeats it:\n${failed.map((files) => `  FUZZ_RUNS=${runs} npx vitest run ${files}`).join('\n')}`,
  )
process.exitCode = failed.length === 0 ? 0 : 1
