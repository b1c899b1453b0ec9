import { codeRow, type Matrix, recoveryMatrix } from './code-matrix.ts'
import { COLUMN_BYTES, GROUP_ROWS, SPLIT_BYTES, TABLE_BYTES } from './combine-function.ts'
import { type CombineVariant, openCombineKernel } from './combine-kernel.ts'
import { type ErasureCode, requireErasureCode } from './erasure-code.ts'
import { ErasureError } from './erasure-error.ts'
import { multiply } from './galois-field.ts'

/** Encodes and reconstructs with one code, in memory that it keeps between calls. */
export interface ErasureCoder {
  readonly code: ErasureCode
  /**
   * The parity rows of `data`, one of each data row, all of one length. A stream is coded part by part: byte i of a
   * parity row depends on bytes i of the data rows alone. `out` is written where given.
   *
   * @throws ErasureError `wrong_rows`, `uneven_rows`
   */
  readonly encode: (data: readonly Uint8Array[], out?: readonly Uint8Array[]) => readonly Uint8Array[]
  /**
   * The rows `wanted`, from any that are there: `rows` has one place for each row of the code, undefined where it is
   * lost. `out` is written where given, in the order of `wanted`.
   *
   * @throws ErasureError `wrong_rows`, `uneven_rows`, `too_few_rows`; `wrong_row_index` for a row that is not lost, not of
   * the code or wanted twice
   */
  readonly reconstruct: (
    rows: readonly (Uint8Array | undefined)[],
    wanted: readonly number[],
    out?: readonly Uint8Array[],
  ) => readonly Uint8Array[]
}

/** Split columns of one strip: half of a first-level cache of 32 KiB. */
const stripBytes = 16 * 1024

/** Bytes of all rows that are in the kernel's memory at a time: half of a second-level cache of 1 MiB. */
const blockBytes = 512 * 1024
const maxRowBlockBytes = 64 * 1024

/**
 * A coder for `code`. It takes up to half a megabyte and 64 bytes for each factor of the code; make one and keep it.
 *
 * @throws ErasureError `impossible_code`
 */
export const createErasureCoder = (code: ErasureCode, variant?: CombineVariant): ErasureCoder => {
  requireErasureCode(code)
  const { dataRows, rows } = code
  const parityRows = Array.from({ length: rows - dataRows }, (_, i) => codeRow(dataRows, dataRows + i))
  const combiner = openCombiner(code, variant)
  combiner.setMatrix('encode', parityRows)
  let recovery = ''

  return {
    code,
    encode: (data, out) => {
      requireCount('data rows', data.length, dataRows)
      const length = requireEven(data, out, parityRows.length)
      return combiner.combine('encode', data, out ?? makeRows(parityRows.length, length), length)
    },
    reconstruct: (given, wanted, out) => {
      requireCount('rows, lost ones as undefined,', given.length, rows)
      requireLost(given, wanted)
      const present = given.flatMap((row, index) => (row === undefined ? [] : [index])).slice(0, dataRows)
      requireEnough(present.length, dataRows)
      const inputs = present.map((index) => given[index]!)
      const length = requireEven(inputs, out, wanted.length)
      const pattern = `${present} ${wanted}`
      if (pattern !== recovery) combiner.setMatrix('recover', recoveryMatrix(dataRows, present, wanted))
      recovery = pattern
      return combiner.combine('recover', inputs, out ?? makeRows(wanted.length, length), length)
    },
  }
}

/** The kernel with room for a code: two sets of tables, a strip, and a block of every row. */
const openCombiner = ({ dataRows, rows }: ErasureCode, variant: CombineVariant | undefined) => {
  const kernel = openCombineKernel(variant)
  const tablesBytes = TABLE_BYTES * dataRows * (rows - dataRows)
  const stripColumns = Math.max(1, Math.floor(stripBytes / (SPLIT_BYTES * dataRows)))
  const rowBytes = Math.min(
    maxRowBlockBytes,
    COLUMN_BYTES * stripColumns * Math.max(1, Math.floor(blockBytes / (rows * COLUMN_BYTES * stripColumns))),
  )
  const tables = { encode: 0, recover: tablesBytes }
  const scratch = 2 * tablesBytes
  const inputs = scratch + stripColumns * SPLIT_BYTES * dataRows
  const outputs = inputs + rowBytes * dataRows
  const end = outputs + rowBytes * (rows - dataRows)
  kernel.memory.grow(Math.ceil(end / 65_536))
  const memory = new Uint8Array(kernel.memory.buffer)

  return {
    setMatrix: (use: keyof typeof tables, matrix: Matrix) => {
      let at = tables[use]
      for (let first = 0; first < matrix.length; first += GROUP_ROWS) {
        for (let input = 0; input < dataRows; input++) {
          for (const row of matrix.slice(first, first + GROUP_ROWS)) {
            writeTables(memory, at, row[input]!)
            at += TABLE_BYTES
          }
        }
      }
    },
    combine: (
      use: keyof typeof tables,
      from: readonly Uint8Array[],
      to: readonly Uint8Array[],
      length: number,
    ): readonly Uint8Array[] => {
      if (to.length === 0) return to
      for (let start = 0; start < length; start += rowBytes) {
        const bytes = Math.min(rowBytes, length - start)
        // What an earlier block left behind these bytes comes to nothing: columns do not mix.
        for (let i = 0; i < from.length; i++)
          memory.set(from[i]!.subarray(start, start + bytes), inputs + i * rowBytes)
        kernel.combine(
          inputs,
          rowBytes,
          from.length,
          tables[use],
          outputs,
          rowBytes,
          to.length,
          Math.ceil(bytes / COLUMN_BYTES),
          scratch,
          stripColumns,
        )
        for (let i = 0; i < to.length; i++) {
          const at = outputs + i * rowBytes
          to[i]!.set(memory.subarray(at, at + bytes), start)
        }
      }
      return to
    },
  }
}

const writeTables = (memory: Uint8Array, at: number, factor: number) => {
  for (let nibble = 0; nibble < 16; nibble++) {
    memory[at + nibble] = multiply(factor, nibble)
    memory[at + 16 + nibble] = multiply(factor, nibble << 4)
  }
}

const makeRows = (count: number, length: number): readonly Uint8Array[] =>
  Array.from({ length: count }, () => new Uint8Array(length))

const requireCount = (what: string, count: number, expected: number) => {
  if (count === expected) return
  throw new ErasureError({
    code: 'wrong_rows',
    message: `${count} ${what} were given to a code that has ${expected}.`,
    fix: 'Pass one array for each row, in order; or make a coder for the code that the object was written with.',
    field: 'rows',
    value: String(count),
  })
}

/** The common length of all rows and of those written to. */
const requireEven = (
  rows: readonly Uint8Array[],
  out: readonly Uint8Array[] | undefined,
  outCount: number,
): number => {
  if (out !== undefined) requireCount('arrays to write to', out.length, outCount)
  const length = rows[0]!.length
  const odd = [...rows, ...(out ?? [])].find((row) => row.length !== length)
  if (odd === undefined) return length
  throw new ErasureError({
    code: 'uneven_rows',
    message: `A row of ${odd.length} bytes stands beside one of ${length}; all rows of a code are equally long.`,
    fix: 'Pad the last data row with zeros before encoding, and cut the object to its length after decoding.',
    field: 'rows',
    value: `${odd.length} bytes`,
    meta: { expected: length },
  })
}

const requireEnough = (present: number, dataRows: number) => {
  if (present === dataRows) return
  throw new ErasureError({
    code: 'too_few_rows',
    message: `${present} rows are left of a code that needs ${dataRows}; what was in the others is lost with them.`,
    fix: 'Fetch more rows: ask again those that hold the missing ones.',
    field: 'rows',
    value: String(present),
    meta: { needed: dataRows },
  })
}

const requireLost = (given: readonly (Uint8Array | undefined)[], wanted: readonly number[]) => {
  const wrong = wanted.find(
    (row, i) =>
      !Number.isInteger(row) ||
      row < 0 ||
      row >= given.length ||
      given[row] !== undefined ||
      wanted.indexOf(row) !== i,
  )
  if (wrong === undefined) return
  throw new ErasureError({
    code: 'wrong_row_index',
    message: `Row ${wrong} can not be reconstructed: it is there already, is wanted twice, or is not from 0 to ${given.length - 1}.`,
    fix: 'Name each lost row once. To check a row against the others, pass undefined in its place.',
    field: 'wanted',
    value: String(wrong),
  })
}
