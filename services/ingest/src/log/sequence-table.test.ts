import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSequenceTable } from './sequence-table.ts'

describe('createSequenceTable', () => {
  test('default: agrees with a Map, whatever is added', () => {
    const u32 = fc.oneof(fc.nat(20), fc.integer({ min: 0, max: 0xffff_ffff }))
    fc.assert(
      fc.property(fc.array(fc.tuple(u32, u32), { maxLength: 400 }), (identities) => {
        const table = createSequenceTable(4)
        const model = new Map<string, number>()
        for (const [device, sequence] of identities) {
          const known = model.get(`${device}/${sequence}`)
          expect(table.find(device, sequence)).toBe(known ?? -1)
          if (known !== undefined) continue
          table.add(device, sequence, model.size)
          model.set(`${device}/${sequence}`, model.size)
        }
        expect(table.size).toBe(model.size)
        for (const [device, sequence] of identities) {
          expect(table.find(device, sequence)).toBe(model.get(`${device}/${sequence}`))
        }
      }),
    )
  })

  test('behavior: sequences of many devices that count up are all found', () => {
    const table = createSequenceTable()
    const count = 200_000
    for (let i = 0; i < count; i++) table.add(i % 1_000, Math.floor(i / 1_000), i)
    let found = 0
    for (let i = 0; i < count; i++) if (table.find(i % 1_000, Math.floor(i / 1_000)) === i) found++
    expect(found).toBe(count)
  })
})
