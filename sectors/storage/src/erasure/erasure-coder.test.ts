import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patterned } from '../patterned.fixture.ts'
import { type CombineVariant, supportsVariant } from './combine-kernel.ts'
import { createErasureCoder, type ErasureCoder } from './erasure-coder.ts'
import { scalarRow } from './scalar-code.fixture.ts'

const variants: readonly CombineVariant[] = ['relaxed', 'plain']

const rowsOf = (count: number, length: number, seed: number) =>
  Array.from({ length: count }, (_, i) => patterned(length, seed + i))

/** `count` of the numbers below `of`, by a seed. */
const draw = (of: number, count: number, seed: number): number[] =>
  [...patterned(4 * of, seed)]
    .map((byte, i) => (byte * 251 + i) % of)
    .filter((row, i, all) => all.indexOf(row) === i)
    .slice(0, count)

const lose = (rows: readonly Uint8Array[], lost: readonly number[]) =>
  rows.map((row, i) => (lost.includes(i) ? undefined : row))

const codes = fc
  .integer({ min: 1, max: 255 })
  .chain((rows) => fc.record({ rows: fc.constant(rows), dataRows: fc.integer({ min: 1, max: rows }) }))

describe.each(variants)('createErasureCoder, %s', (variant) => {
  const coder = (dataRows: number, rows: number) => createErasureCoder({ dataRows, rows }, variant)

  test('default: 4 of 6 rows give back the others', () => {
    const data = rowsOf(4, 1000, 1)
    const rows = [...data, ...coder(4, 6).encode(data)]
    expect(rows.length).toBe(6)
    for (let a = 0; a < 6; a++) {
      for (let b = a + 1; b < 6; b++) {
        expect(coder(4, 6).reconstruct(lose(rows, [a, b]), [a, b])).toEqual([rows[a], rows[b]])
      }
    }
  })

  test('behavior: parity is what the scalar code makes, whatever the code and the length', () => {
    fc.assert(
      fc.property(
        codes,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1 }),
        ({ dataRows, rows }, length, seed) => {
          const data = rowsOf(dataRows, length, seed)
          const parity = coder(dataRows, rows).encode(data)
          const [first, last] = [0, parity.length - 1]
          for (const i of new Set([first, 1, 2, 3, 4, last].filter((each) => parity[each] !== undefined))) {
            expect(parity[i]).toEqual(scalarRow(data, dataRows + i))
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  test('behavior: any k of n rows give back any of the others, of any code', () => {
    fc.assert(
      fc.property(codes, fc.nat(), fc.integer({ min: 1 }), ({ dataRows, rows }, count, seed) => {
        const one = coder(dataRows, rows)
        const data = rowsOf(dataRows, 33, seed)
        const all = [...data, ...one.encode(data)]
        const lost = draw(rows, rows - dataRows, seed)
        const wanted = lost.slice(0, count % (lost.length + 1))
        expect(one.reconstruct(lose(all, lost), wanted)).toEqual(wanted.map((row) => all[row]))
      }),
      { numRuns: 60 },
    )
  })

  test('behavior: rows longer than a block, and coded part by part', () => {
    const one = coder(10, 16)
    const data = rowsOf(10, 150_001, 9)
    const whole = one.encode(data)
    for (const at of [0, 31, 65_535, 65_536, 150_000]) {
      const column = data.map((row) => row.subarray(at, at + 1))
      expect(one.encode(column).map((row) => row[0])).toEqual(whole.map((row) => row[at]))
    }
    const out = whole.map((row) => new Uint8Array(row.length))
    for (let at = 0; at < 150_001; at += 40_000) {
      one.encode(
        data.map((row) => row.subarray(at, at + 40_000)),
        out.map((row) => row.subarray(at, at + 40_000)),
      )
    }
    expect(out.every((row, i) => Buffer.compare(row, whole[i]!) === 0)).toBe(true)
  })

  test('behavior: one coder for many uses keeps them apart', () => {
    const one = coder(5, 9)
    for (let round = 1; round < 20; round++) {
      const data = rowsOf(5, 50 + round, round)
      const rows = [...data, ...one.encode(data)]
      expect(rows[8]).toEqual(scalarRow(data, 8))
      const lost = draw(9, 4, round + 1)
      expect(one.reconstruct(lose(rows, lost), lost)).toEqual(lost.map((row) => rows[row]))
    }
  })
})

describe('createErasureCoder', () => {
  const made = (): { coder: ErasureCoder; data: Uint8Array[]; rows: Uint8Array[] } => {
    const coder = createErasureCoder({ dataRows: 3, rows: 5 })
    const data = rowsOf(3, 10, 1)
    return { coder, data, rows: [...data, ...coder.encode(data)] }
  }

  test('behavior: this engine has both variants', () => {
    expect(variants.map(supportsVariant)).toEqual([true, true])
  })

  test('behavior: no bytes and no parity rows are no trouble', () => {
    expect(createErasureCoder({ dataRows: 2, rows: 2 }).encode(rowsOf(2, 10, 1))).toEqual([])
    expect(createErasureCoder({ dataRows: 1, rows: 2 }).encode([new Uint8Array(0)])).toEqual([
      new Uint8Array(0),
    ])
  })

  test.each([
    [0, 1],
    [3, 2],
    [1, 256],
    [1.5, 4],
    [1, Number.NaN],
  ])('error: there is no code %d/%d', (dataRows, rows) => {
    expect(() => createErasureCoder({ dataRows, rows })).toThrowError(
      expect.objectContaining({ code: 'impossible_code' }),
    )
  })

  test('error: rows that are too few, too many or uneven', () => {
    const { coder, data, rows } = made()
    const fails = (code: string, call: () => unknown) =>
      expect(call).toThrowError(expect.objectContaining({ code }))
    fails('wrong_rows', () => coder.encode(rows))
    fails('wrong_rows', () => coder.reconstruct(data, []))
    fails('wrong_rows', () => coder.encode(data, [new Uint8Array(10)]))
    fails('uneven_rows', () => coder.encode(data.with(1, new Uint8Array(9))))
    fails('uneven_rows', () => coder.encode(data, [new Uint8Array(10), new Uint8Array(11)]))
    fails('too_few_rows', () => coder.reconstruct(lose(rows, [0, 1, 2]), [0]))
  })

  test('error: a wanted row that is there, twice, or not of the code', () => {
    const { coder, rows } = made()
    for (const wanted of [[0, 0], [1], [5], [-1], [0.5]]) {
      expect(() => coder.reconstruct(lose(rows, [0]), wanted)).toThrowError(
        expect.objectContaining({ code: 'wrong_row_index' }),
      )
    }
  })
})
