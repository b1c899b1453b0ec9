import { defineConfig } from 'vitest/config'

/** `*.slow.test.ts` take minutes or start real services; they run in CI and with CAIRN_SLOW=1. */
const isSlowIncluded = process.env.CAIRN_SLOW === '1'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['{packages,sectors,services,apps,examples,benchmarks,tools}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(isSlowIncluded ? [] : ['**/*.slow.test.ts'])],
    // Processes, not threads: tests may change directory and start native programs, and a crash stays in its own file.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: isSlowIncluded ? 120_000 : 20_000,
    passWithNoTests: true,
    allowOnly: false,
  },
})
