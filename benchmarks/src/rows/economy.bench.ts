import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Row } from '../row.ts'
import { runProcess } from '../threads/run-process.ts'

const run = promisify(execFile)
const cli = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url))

const LIMIT_SECONDS = 60
const runOptions = ['--operators', '10000', '--years', '10', '--seeds', '30', '--threads', '2']
/** Operators, and epochs so that every size takes seconds. */
const sizes = [
  [1_000, 3_650],
  [10_000, 3_650],
  [100_000, 730],
  [1_000_000, 120],
] as const

/** How long a question to the simulator takes, and whether a large network costs more per operator. */
export const economy: readonly Row[] = [
  {
    name: 'economy-run',
    unit: 's',
    against: `limit of ${LIMIT_SECONDS} s on two cores`,
    budget: { atMost: 1 },
    workload:
      'cairn simulate economy: 30 seeds of 10 years of a network of 10 000 operators in the baseline scenario, two threads, by the clock, once',
    commands: {
      ours: `npm run -s cairn -- simulate economy --scenario baseline ${runOptions.join(' ')}`,
      peer: 'none: an absolute limit',
    },
    async measure() {
      const startedMs = performance.now()
      await run(
        process.execPath,
        [cli, '--json', 'simulate', 'economy', '--scenario', 'baseline', ...runOptions],
        {
          maxBuffer: 2 ** 28,
        },
      )
      const value = (performance.now() - startedMs) / 1000
      return { value, ratio: value / LIMIT_SECONDS, samples: { 'ours, s': [value] } }
    },
  },
  {
    name: 'economy-growth',
    unit: 'ns of CPU/operator and epoch',
    against: 'the same for 10 000 operators',
    budget: { atMost: 1.25 },
    workload: `simulateNetwork() of 1 000 000 operators; also of ${sizes.map(([operators, epochs]) => `${operators} (${epochs} epochs)`).join(', ')}; a fresh process each, one thread, after a short run to warm up`,
    commands: {
      ours: 'node benchmarks/src/threads/simulate-process.ts 1000000 120',
      peer: 'node benchmarks/src/threads/simulate-process.ts 10000 3650',
    },
    async measure() {
      const module = new URL('../threads/simulate-process.ts', import.meta.url)
      const cost = new Map<number, number>()
      for (const [operators, epochs] of sizes) {
        const { cpuSeconds } = await runProcess<{ cpuSeconds: number }>(module, `${operators}`, `${epochs}`)
        cost.set(operators, (cpuSeconds * 1e9) / (operators * epochs))
      }
      const value = cost.get(1_000_000)!
      return {
        value,
        ratio: value / cost.get(10_000)!,
        samples: Object.fromEntries([...cost].map(([operators, ns]) => [`ns, ${operators} operators`, [ns]])),
      }
    },
  },
]
