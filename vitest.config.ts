import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * What takes long is told apart by name. `*.slow.test.ts` compute, and run beside anything. `*.network.test.ts` start whole networks, whose clocks want a core each: two at a time, with nothing beside them. `*.alone.test.ts` kill
 * processes on time, and have the machine to themselves. CAIRN_SLOW says which of them a run is for: `slow`, `network`, `alone`, or `1` for everything (a single file by hand). `npm test` with CAIRN_SLOW=1 runs all parts in turn.
 */
const everything = '{packages,sectors,services,apps,examples,benchmarks,tools}/**'
const kind = process.env.CAIRN_SLOW
const isLong = kind === 'slow' || kind === 'network' || kind === 'alone'

/** What takes longest begins first: no core waits for it at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const longest = ['colluding-verifiers', 'faulty-ingest']
    const isLongest = (name: string) => (file: TestSpecification) =>
      file.moduleId.includes(`/${name}.network.`)
    return [...new Set([...longest.flatMap((name) => files.filter(isLongest(name))), ...files])]
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    include: [isLong ? `${everything}/*.${kind}.test.ts` : `${everything}/*.test.ts`],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      ...(isLong || kind === '1' ? [] : ['**/*.{slow,network,alone}.test.ts']),
    ],
    // Processes, not threads: tests may change directory and start native programs, and a crash stays in its own file.
    pool: 'forks',
    maxWorkers: 2,
    ...(kind === 'network' ? { sequence: { sequencer: LongestFirst } } : {}),
    testTimeout: isLong || kind === '1' ? 600_000 : 30_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    allowOnly: false,
  },
})
