import type { Root } from '@cairn/protocol'
import { zeroHash } from 'viem'

/** Stands for a parent where there is none; the contracts ignore it. */
export const noRoot: Root = {
  parent: zeroHash,
  first: 0,
  last: 0,
  evidenceEnd: 0,
  evidenceSet: 0n,
  ruleset: zeroHash,
  deviceCount: 0,
  payoutHash: zeroHash,
  payoutSum: 0n,
  workHash: zeroHash,
  workSums: [0n, 0n, 0n, 0n],
  carryHash: zeroHash,
  carryCount: 0,
  partitionHash: zeroHash,
}
