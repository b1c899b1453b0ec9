import { describe, expect, it } from 'vitest'
import { parseVerifyRate } from './peers/openssl-speed.ts'
import { listRow } from './print.ts'
import { rows } from './rows.ts'

describe('rows', () => {
  it('behavior: every row has a name of its own, and says its budget, workload and commands', () => {
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
    for (const row of rows) {
      expect(row.name).toMatch(/^[a-z0-9-]+$/)
      for (const text of [row.unit, row.against, row.workload, row.commands.ours, row.commands.peer])
        expect(text).not.toBe('')
      expect(listRow(row, false)).toContain('ratio')
      expect(JSON.parse(listRow(row, true))).toMatchObject({ name: row.name, budget: expect.any(String) })
    }
  })

  it('behavior: the verify rate is read from what openssl speed prints', () => {
    const output = '+DTP:256:verify:ecdsa:1\n+R6:5353:256:1.00\n+F4:3:256:15805.000000:5353.000000\n'
    expect(parseVerifyRate(output)).toBe(5353)
    expect(() => parseVerifyRate('speed: Unknown algorithm')).toThrowError(/no verify rate/)
  })
})
