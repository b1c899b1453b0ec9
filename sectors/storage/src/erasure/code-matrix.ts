import { invert, multiply } from './galois-field.ts'

/** The bytes of a matrix over GF(2^8), row by row. */
export type Matrix = readonly Uint8Array[]

/**
 * Row `row` of the matrix that makes all rows of a code out of its data rows: one of the identity for a data row, else
 * 1/(row ⊕ column), a Cauchy matrix over the points k … n − 1 and 0 … k − 1. The points differ, so each of its square
 * submatrices can be inverted and any k rows are enough. It is what gf_gen_cauchy1_matrix of ISA-L makes.
 */
export const codeRow = (dataRows: number, row: number): Uint8Array =>
  Uint8Array.from({ length: dataRows }, (_, column) =>
    row < dataRows ? Number(row === column) : invert(row ^ column),
  )

/** The matrix that makes the rows `wanted` out of the rows `present`, which are as many as data rows, in that order. */
export const recoveryMatrix = (
  dataRows: number,
  present: readonly number[],
  wanted: readonly number[],
): Matrix => {
  const inverse = invertMatrix(present.map((row) => codeRow(dataRows, row)))
  return wanted.map((row) => {
    const product = new Uint8Array(dataRows)
    for (const [i, factor] of codeRow(dataRows, row).entries()) addMultiple(product, inverse[i]!, factor)
    return product
  })
}

/** Gauss and Jordan. `matrix` can be inverted: it is of rows of a code, all different. */
const invertMatrix = (matrix: Matrix): Matrix => {
  const size = matrix.length
  const left = matrix.map((row) => row.slice())
  const right = matrix.map((_, i) => Uint8Array.from({ length: size }, (_, j) => Number(i === j)))
  for (let column = 0; column < size; column++) {
    const pivot = left.findIndex((row, i) => i >= column && row[column] !== 0)
    for (const side of [left, right]) {
      const row = side[pivot]!
      side[pivot] = side[column]!
      side[column] = row
    }
    const scale = invert(left[column]![column]!)
    for (const side of [left, right]) side[column] = side[column]!.map((each) => multiply(each, scale))
    for (let i = 0; i < size; i++) {
      const factor = i === column ? 0 : left[i]![column]!
      addMultiple(left[i]!, left[column]!, factor)
      addMultiple(right[i]!, right[column]!, factor)
    }
  }
  return right
}

const addMultiple = (to: Uint8Array, row: Uint8Array, factor: number) => {
  if (factor === 0) return
  for (let i = 0; i < to.length; i++) to[i]! ^= multiply(row[i]!, factor)
}
