import { expect, test } from 'vitest'
import { Counter, createRegistry } from './metrics.ts'

test('default: metrics carry the program, and two registries do not mix', async () => {
  const registry = createRegistry('ingest')
  const reports = new Counter({
    name: 'cairn_reports_total',
    help: 'Reports accepted.',
    registers: [registry],
  })
  reports.inc(3)
  expect(await registry.metrics()).toContain('cairn_reports_total{program="ingest"} 3')
  expect(await createRegistry('verifier').metrics()).not.toContain('cairn_reports_total')
})
