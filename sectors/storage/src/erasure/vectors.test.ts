import { readFileSync } from 'node:fs'
import { fromHex, toHex } from '@cairn/protocol'
import { expect, test } from 'vitest'
import { createErasureCoder } from './erasure-coder.ts'
import { scalarRow } from './scalar-code.fixture.ts'

interface CodeVector {
  readonly dataRows: string
  readonly rows: string
  readonly data: readonly string[]
  readonly parity: readonly string[]
  readonly lost: readonly string[]
  readonly wanted: readonly string[]
  readonly reconstructed: readonly string[]
}

const { codes } = JSON.parse(
  readFileSync(new URL('../../../../specs/vectors/erasure.json', import.meta.url), 'utf8'),
) as { readonly codes: readonly CodeVector[] }

test.each(codes)('default: the vectors of $dataRows/$rows, by the coder and by the scalar code', (vector) => {
  const dataRows = Number(vector.dataRows)
  const coder = createErasureCoder({ dataRows, rows: Number(vector.rows) })
  const data = vector.data.map(fromHex)
  expect(coder.encode(data).map(toHex)).toEqual(vector.parity)
  expect(vector.parity.map((_, i) => toHex(scalarRow(data, dataRows + i)))).toEqual(vector.parity)
  const all = [...vector.data, ...vector.parity]
  const left = all.map((row, i) => (vector.lost.includes(String(i)) ? undefined : fromHex(row)))
  expect(coder.reconstruct(left, vector.wanted.map(Number)).map(toHex)).toEqual(vector.reconstructed)
  expect(vector.reconstructed).toEqual(vector.wanted.map((row) => all[Number(row)]))
})
