import type { Command } from 'commander'
import { byteSize } from '../../parse-options.ts'

/** Proofs are of leaves of so many bytes (spec 10). */
const LEAF_BYTES = 32n

/** `--size` on commands that tell a cost. */
export function withSize(command: Command, description: string): Command {
  return command.option('--size <size>', description, byteSize)
}

/** Leaves that so many bytes take, the last one filled up. */
export const leavesOf = (bytes: bigint): bigint => (bytes + LEAF_BYTES - 1n) / LEAF_BYTES

/** What so many leaves hold. */
export const bytesOfLeaves = (leaves: bigint): bigint => leaves * LEAF_BYTES
