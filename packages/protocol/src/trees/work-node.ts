import { equalBytes } from '../hex.ts'
import { fitsAmount, readUint, requireHash, setUint96, setUint128 } from './uint.ts'

/** One amount per program of the ruleset, in order; programs that are not in use are 0. u96 in leaves. */
export type Work4 = readonly [bigint, bigint, bigint, bigint]

/** A node of a work or verdict tree: its hash and the work below it, per program, u128 each. */
export interface WorkNode {
  readonly hash: Uint8Array
  readonly sums: Work4
}

/** A node as trees and proofs have it: hash (32) ‖ sums u128 × 4. Throws TreeError `leaf_value`. */
export const encodeWorkNode = ({ hash, sums }: WorkNode): Uint8Array => {
  const bytes = new Uint8Array(96)
  const view = new DataView(bytes.buffer)
  bytes.set(requireHash(hash, 'hash'))
  sums.forEach((sum, program) => {
    setUint128(view, 32 + 16 * program, sum, `sum ${program}`)
  })
  return bytes
}

/** The node that 96 bytes of a tree or a proof write. */
export const decodeWorkNode = (bytes: Uint8Array): WorkNode => {
  const sum = (program: number) => readUint(bytes.subarray(32 + 16 * program, 48 + 16 * program))
  return { hash: bytes.slice(0, 32), sums: [sum(0), sum(1), sum(2), sum(3)] }
}

/** Whether both are the same node. */
export const equalWorkNodes = (a: WorkNode, b: WorkNode): boolean =>
  equalBytes(a.hash, b.hash) && a.sums.every((sum, program) => sum === b.sums[program])

/** Writes the work of a leaf, u96 × 4, at `offset`. Throws TreeError `leaf_value`. */
export const setWork = (view: DataView, offset: number, work: Work4): void => {
  for (let program = 0; program < 4; program++) {
    setUint96(view, offset + 12 * program, work[program]!, `work ${program}`)
  }
}

/** Whether the amounts can stand in a leaf. */
export const fitsWork = (work: Work4): boolean =>
  work.length === 4 && work.every((amount) => fitsAmount(amount, 96))
