import {
  emptyAbove,
  hashPairs,
  sumHashing,
  verdictKind,
  workLeafBytes,
  writeLeafNodes,
} from '@cairn/protocol'
import { ROW_BYTES, type Rows } from './job.ts'
import { SectorError } from './judge-partitions.ts'

/** Work rows are work leaves without their tag (spec 5). */
export const WORK_ROW_BYTES = workLeafBytes

const hashing = sumHashing(verdictKind)

const NODE_BYTES = 96
const ROWS_AT_ONCE = 16_384

/** The verdict tree of one device on its way up: `nodes` of the level are left. */
interface Climb {
  readonly device: number
  readonly nodes: number
}

/**
 * Phase 5: the verdict tree of each device `from` … `to`, and from it the device's work leaf. Trees of many devices climb together, level by level, because hashing is fast only in batches.
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
  let climbs: Climb[] = []
  for (let device = from; device < to; device++) {
    const nodes = rows.start[device + 1]! - rows.start[device]!
    startWorkRow(workRows, device, nodes)
    if (nodes > 0) climbs.push({ device, nodes })
  }
  let level = leafLevel(rows, climbs)
  let empty: Uint8Array = hashing.empty
  for (;;) {
    const { rest, next } = emitFinished(climbs, level, empty, workRows)
    if (rest.length === 0) return
    const pairs = rest.reduce((sum, { nodes }) => sum + Math.ceil(nodes / 2), 0)
    const parents = new Uint8Array(NODE_BYTES * pairs)
    hashPairs(next, pairs, parents, hashing)
    climbs = rest.map(({ device, nodes }) => ({ device, nodes: Math.ceil(nodes / 2) }))
    level = parents
    empty = emptyAbove(empty, hashing)
  }
}

function startWorkRow(workRows: Uint8Array, device: number, count: number): void {
  const row = workRows.subarray(WORK_ROW_BYTES * device, WORK_ROW_BYTES * (device + 1))
  const view = new DataView(row.buffer, row.byteOffset, WORK_ROW_BYTES)
  view.setUint32(0, device)
  row.set(hashing.empty.subarray(0, 32), 52)
  view.setUint32(84, count)
}

function leafLevel(rows: Rows, climbs: readonly Climb[]): Uint8Array {
  if (climbs.length === 0) return new Uint8Array(0)
  const first = rows.start[climbs[0]!.device]!
  const last = climbs[climbs.length - 1]!
  const count = rows.start[last.device]! + last.nodes - first
  const leaves = rows.bytes.subarray(ROW_BYTES * first, ROW_BYTES * (first + count))
  const nodes = new Uint8Array(NODE_BYTES * count)
  writeLeafNodes(verdictKind, leaves, count, nodes)
  return nodes
}

/** Writes the work rows of trees that have arrived at their top, and lines the others up in whole pairs. */
function emitFinished(
  climbs: readonly Climb[],
  level: Uint8Array,
  empty: Uint8Array,
  workRows: Uint8Array,
): { rest: Climb[]; next: Uint8Array } {
  const rest = climbs.filter(({ nodes }) => nodes > 1)
  const next = new Uint8Array(NODE_BYTES * rest.reduce((sum, { nodes }) => sum + nodes + (nodes % 2), 0))
  let from = 0
  let to = 0
  for (const { device, nodes } of climbs) {
    const run = level.subarray(from, from + NODE_BYTES * nodes)
    from += NODE_BYTES * nodes
    if (nodes === 1) {
      finishWorkRow(workRows, device, run)
      continue
    }
    next.set(run, to)
    to += NODE_BYTES * nodes
    if (nodes % 2 === 1) {
      next.set(empty, to)
      to += NODE_BYTES
    }
  }
  return { rest, next }
}

function finishWorkRow(workRows: Uint8Array, device: number, top: Uint8Array): void {
  const at = WORK_ROW_BYTES * device
  for (let program = 0; program < 4; program++) {
    const sum = 32 + 16 * program
    if (top[sum] !== 0 || top[sum + 1] !== 0 || top[sum + 2] !== 0 || top[sum + 3] !== 0)
      throw tooMuchWork(device, program)
    workRows.set(top.subarray(sum + 4, sum + 16), at + 4 + 12 * program)
  }
  workRows.set(top.subarray(0, 32), at + 52)
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
