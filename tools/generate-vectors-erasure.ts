import { keccak256, toHex } from '@cairn/protocol'
import { createErasureCoder } from '@cairn/sector-storage'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const codes = [
  [1, 3],
  [4, 6],
  [8, 12],
  [10, 16],
  [29, 80],
] as const

/** Spec 10, "Erasure code": data rows of 32 bytes with their parity rows, and rows made again out of others. */
export async function generate(): Promise<GeneratedFile[]> {
  return [vectorFile('erasure', { codes: codes.map(([dataRows, rows]) => describeCode(dataRows, rows)) })]
}

function describeCode(dataRows: number, rows: number) {
  const coder = createErasureCoder({ dataRows, rows })
  const data = Array.from({ length: dataRows }, (_, row) =>
    keccak256(new TextEncoder().encode(`cairn vector ${dataRows}/${rows} row ${row}`)),
  )
  const all = [...data, ...coder.encode(data)]
  const lost = Array.from({ length: rows - dataRows }, (_, i) => Math.floor((i * rows) / (rows - dataRows)))
  const wanted = lost.slice(0, 3)
  const left = all.map((row, i) => (lost.includes(i) ? undefined : row))
  return {
    dataRows: String(dataRows),
    rows: String(rows),
    data: data.map(toHex),
    parity: all.slice(dataRows).map(toHex),
    lost: lost.map(String),
    wanted: wanted.map(String),
    reconstructed: coder.reconstruct(left, wanted).map(toHex),
  }
}
