import { climb, sumHashing, verdictKind, workLeafBytes, writeLeafNodes } from '@cairn/protocol'
import { ROW_BYTES, type Rows } from './job.ts'
import { SectorError } from './judge-partitions.ts'

/** Work rows are work leaves without their tag (spec 5). */
export const WORK_ROW_BYTES = workLeafBytes

const hashing = sumHashing(verdictKind)

const NODE_BYTES = 96
const ROWS_AT_ONCE = 16_384

/**
 * Phase 5: the verdict tree of each device `from` … `to`, and from it the device's work leaf. Trees of many devices climb together.
 */
export function hashVerdicts(rows: Rows, workRows: Uint8Array, from: number, to: number): void {
  let first = from
  while (first < to) {
    let end = first + 1
    while (end < to && rows.start[end + 1]! - rows.start[first]! <= ROWS_AT_ONCE) end++
    climbTogether(rows, workRows, first, end)
    first = end
  }
}

function climbTogether(rows: Rows, workRows: Uint8Array, from: number, to: number): void {
  const counts = new Uint32Array(to - from)
  for (let device = from; device < to; device++)
    counts[device - from] = rows.start[device + 1]! - rows.start[device]!
  const tops = climb(leafNodes(rows, rows.start[from]!, rows.start[to]!), counts, hashing)
  const view = new DataView(workRows.buffer, workRows.byteOffset)
  for (let device = from; device < to; device++) {
    const top = NODE_BYTES * (device - from)
    writeWorkRow(view, device, tops.subarray(top, top + NODE_BYTES), counts[device - from]!)
  }
}

function leafNodes(rows: Rows, from: number, to: number): Uint8Array {
  const nodes = new Uint8Array(NODE_BYTES * (to - from))
  writeLeafNodes(verdictKind, rows.bytes.subarray(ROW_BYTES * from, ROW_BYTES * to), to - from, nodes)
  return nodes
}

function writeWorkRow(workRows: DataView, device: number, top: Uint8Array, count: number): void {
  const at = WORK_ROW_BYTES * device
  const node = new DataView(top.buffer, top.byteOffset, NODE_BYTES)
  workRows.setUint32(at, device)
  for (let program = 0; program < 4; program++) {
    const sum = 32 + 16 * program
    if (node.getUint32(sum) !== 0) throw tooMuchWork(device, program)
    for (let word = 0; word < 12; word += 4)
      workRows.setUint32(at + 4 + 12 * program + word, node.getUint32(sum + 4 + word))
  }
  for (let word = 0; word < 32; word += 4) workRows.setUint32(at + 52 + word, node.getUint32(word))
  workRows.setUint32(at + 84, count)
}

function tooMuchWork(device: number, program: number): SectorError {
  return new SectorError({
    code: 'work_overflow',
    message: `The work of device ${device} in program ${program} adds up to 2^96 or more in one root.`,
    fix: "Work is a count in the sector's own unit: choose a larger unit in the sector's rules.",
  })
}

/** Work of device `index` in each program, from its work row. */
export function workOf(workRows: Uint8Array, index: number): [bigint, bigint, bigint, bigint] {
  const view = new DataView(workRows.buffer, workRows.byteOffset + WORK_ROW_BYTES * index, WORK_ROW_BYTES)
  const amount = (program: number) =>
    (BigInt(view.getUint32(4 + 12 * program)) << 64n) | view.getBigUint64(8 + 12 * program)
  return [amount(0), amount(1), amount(2), amount(3)]
}
