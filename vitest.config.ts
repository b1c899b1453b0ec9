import { defineConfig } from 'vitest/config'

/**
 * `*.slow.test.ts` start whole networks or take minutes. They run alone, one file at a time, so that their clocks are not disturbed: with CAIRN_SLOW=only. CAIRN_SLOW=1 has them run among the others,
 * for a single file by hand; `npm test` with CAIRN_SLOW=1 runs both parts in turn.
 */
const slow = process.env.CAIRN_SLOW
const everything = '{packages,sectors,services,apps,examples,benchmarks,tools}/**'

export default defineConfig({
  test: {
    environment: 'node',
    include: [slow === 'only' ? `${everything}/*.slow.test.ts` : `${everything}/*.test.ts`],
    exclude: [
      '**/node_modules/**',
      '**/dist/**',
      ...(slow === '1' || slow === 'only' ? [] : ['**/*.slow.test.ts']),
    ],
    // Processes, not threads: tests may change directory and start native programs, and a crash stays in its own file.
    pool: 'forks',
    maxWorkers: slow === 'only' ? 1 : 2,
    testTimeout: slow === '1' || slow === 'only' ? 600_000 : 30_000,
    hookTimeout: 60_000,
    passWithNoTests: true,
    allowOnly: false,
  },
})
