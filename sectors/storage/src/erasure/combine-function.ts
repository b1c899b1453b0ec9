import { access, type FunctionWriter, instruction, valueType, writeFunction } from '@cairn/protocol/wasm'

/** Bytes of a row that are computed at once: two vectors. */
export const COLUMN_BYTES = 32

/** Rows that are computed at once. Eight sums, four operands and two temporaries fill the 16 vector registers of x86-64. */
export const GROUP_ROWS = 4

/** Bytes of the two tables of one factor: its products with the 16 low and the 16 high nibbles. */
export const TABLE_BYTES = 32

/** Bytes that a column of an input is split into: its low nibbles, then its high ones, as bytes. */
export const SPLIT_BYTES = 2 * COLUMN_BYTES

/**
 * `combine(inputs, inputStride, inputCount, tables, outputs, outputStride, outputCount, columns, scratch, stripColumns)`:
 * output row r = Σ factor[r][j] · input row j in GF(2^8). Rows begin `stride` bytes apart; `columns` of 32 bytes are
 * computed. `tables` hold, for each group of up to four outputs, for each input, for each output of the group, the two
 * tables of its factor. `scratch` has room for `stripColumns` columns of all inputs, split.
 *
 * The strip stays in the first-level cache while every group of outputs passes over it.
 */
export const combineFunction = (swizzle: readonly number[]): FunctionWriter => {
  const f = writeFunction(10)
  const p: Parameters = {
    inputs: 0,
    inputStride: 1,
    inputCount: 2,
    tables: 3,
    outputs: 4,
    outputStride: 5,
    outputCount: 6,
    columns: 7,
    scratch: 8,
    stripColumns: 9,
  }
  const i32 = () => f.local(valueType.i32)
  const strip: Strip = { ...p, strip: i32(), table: i32(), output: i32(), splitStride: i32() }
  const left = i32()
  const split = splitStrip(f, strip)
  const groups = Array.from({ length: GROUP_ROWS }, (_, i) => combineGroup(f, strip, i + 1, swizzle))

  f.get(p.inputCount)
  f.i32(SPLIT_BYTES)
  f.op(instruction.i32Mul)
  f.set(strip.splitStride)
  f.repeatWhile(() => {
    f.get(p.stripColumns)
    f.get(p.columns)
    f.get(p.stripColumns)
    f.get(p.columns)
    f.op(instruction.i32LtU)
    f.op(instruction.select)
    f.set(strip.strip)
    split()
    copy(f, p.tables, strip.table)
    copy(f, p.outputs, strip.output)
    copy(f, p.outputCount, left)
    f.i32(GROUP_ROWS - 1)
    f.get(left)
    f.op(instruction.i32LtU)
    f.when(() => {
      f.repeatWhile(() => {
        groups[GROUP_ROWS - 1]!()
        f.advance(left, -GROUP_ROWS)
        f.i32(GROUP_ROWS - 1)
        f.get(left)
        f.op(instruction.i32LtU)
      })
    })
    for (let rows = 1; rows < GROUP_ROWS; rows++) {
      f.get(left)
      f.i32(rows)
      f.op(instruction.i32Eq)
      f.when(groups[rows - 1]!)
    }
    for (const rows of [p.inputs, p.outputs]) addProduct(f, rows, strip.strip, COLUMN_BYTES)
    f.get(p.columns)
    f.get(strip.strip)
    f.op(instruction.i32Sub)
    f.tee(p.columns)
  })
  return f
}

type Parameters = Record<
  | 'inputs'
  | 'inputStride'
  | 'inputCount'
  | 'tables'
  | 'outputs'
  | 'outputStride'
  | 'outputCount'
  | 'columns'
  | 'scratch'
  | 'stripColumns',
  number
>

/** Locals: the parameters, columns of this strip, the group's tables and first output, bytes from a split column to the next. */
type Strip = Parameters & Record<'strip' | 'table' | 'output' | 'splitStride', number>

/** Declares its locals and returns what emits the splitting of a strip: column by column, all inputs of a column together. */
const splitStrip = (f: FunctionWriter, s: Strip) => {
  const [row, input, target, first, inputs, columns] = Array.from({ length: 6 }, () =>
    f.local(valueType.i32),
  ) as [number, number, number, number, number, number]
  const [vector, mask] = [f.local(valueType.v128), f.local(valueType.v128)]
  return () => {
    f.vector(new Array<number>(16).fill(0x0f))
    f.set(mask)
    copy(f, s.inputs, row)
    copy(f, s.scratch, first)
    copy(f, s.inputCount, inputs)
    f.repeatWhile(() => {
      copy(f, row, input)
      copy(f, first, target)
      copy(f, s.strip, columns)
      f.repeatWhile(() => {
        for (const half of [0, 16]) {
          f.get(target)
          f.get(input)
          f.access(access.v128Load, half)
          f.tee(vector)
          f.get(mask)
          f.op(instruction.v128And)
          f.access(access.v128Store, half)
          f.get(target)
          f.get(vector)
          f.i32(4)
          f.op(instruction.i16x8ShrU)
          f.get(mask)
          f.op(instruction.v128And)
          f.access(access.v128Store, COLUMN_BYTES + half)
        }
        f.advance(input, COLUMN_BYTES)
        add(f, target, s.splitStride)
        countDown(f, columns)
      })
      add(f, row, s.inputStride)
      f.advance(first, SPLIT_BYTES)
      countDown(f, inputs)
    })
  }
}

/** Declares its locals and returns what emits the computing of `rows` outputs over a strip; it moves on to the next group. */
const combineGroup = (f: FunctionWriter, s: Strip, rows: number, swizzle: readonly number[]) => {
  const [split, end, table, output, row, columns] = Array.from({ length: 6 }, () =>
    f.local(valueType.i32),
  ) as [number, number, number, number, number, number]
  const vectors = (length: number) => Array.from({ length }, () => f.local(valueType.v128))
  const [sums, nibbles] = [vectors(2 * rows), vectors(2)]
  const tableVector = f.local(valueType.v128)

  const addInput = () => {
    for (const high of [0, 1]) {
      for (const half of [0, 1]) {
        f.get(split)
        f.access(access.v128Load, COLUMN_BYTES * high + 16 * half)
        f.set(nibbles[half]!)
      }
      for (let r = 0; r < rows; r++) {
        f.get(table)
        f.access(access.v128Load, TABLE_BYTES * r + 16 * high)
        f.set(tableVector)
        for (const half of [0, 1]) {
          f.get(tableVector)
          f.get(nibbles[half]!)
          f.op(swizzle)
          f.get(sums[2 * r + half]!)
          f.op(instruction.v128Xor)
          f.set(sums[2 * r + half]!)
        }
      }
    }
  }

  return () => {
    copy(f, s.scratch, split)
    copy(f, s.output, output)
    copy(f, s.strip, columns)
    f.repeatWhile(() => {
      for (const sum of sums) {
        f.zeroVector()
        f.set(sum)
      }
      copy(f, s.table, table)
      f.get(split)
      f.get(s.splitStride)
      f.op(instruction.i32Add)
      f.set(end)
      f.repeatWhile(() => {
        addInput()
        f.advance(table, TABLE_BYTES * rows)
        f.advance(split, SPLIT_BYTES)
        f.get(split)
        f.get(end)
        f.op(instruction.i32Ne)
      })
      copy(f, output, row)
      for (let r = 0; r < rows; r++) {
        for (const half of [0, 1]) {
          f.get(row)
          f.get(sums[2 * r + half]!)
          f.access(access.v128Store, 16 * half)
        }
        if (r + 1 < rows) add(f, row, s.outputStride)
      }
      f.advance(output, COLUMN_BYTES)
      countDown(f, columns)
    })
    addProduct(f, s.table, s.inputCount, TABLE_BYTES * rows)
    addProduct(f, s.output, s.outputStride, rows)
  }
}

const copy = (f: FunctionWriter, from: number, to: number) => {
  f.get(from)
  f.set(to)
}

const add = (f: FunctionWriter, to: number, from: number) => {
  f.get(to)
  f.get(from)
  f.op(instruction.i32Add)
  f.set(to)
}

const addProduct = (f: FunctionWriter, to: number, from: number, factor: number) => {
  f.get(to)
  f.get(from)
  f.i32(factor)
  f.op(instruction.i32Mul)
  f.op(instruction.i32Add)
  f.set(to)
}

/** Leaves a local less one, after writing it back: what a loop goes on by. */
const countDown = (f: FunctionWriter, local: number) => {
  f.get(local)
  f.i32(1)
  f.op(instruction.i32Sub)
  f.tee(local)
}
