import type { DeviceKey, Hex, Root, VerdictEntry } from '@cairn/protocol'
import { ROW_BYTES, type Rows } from '../job.ts'
import type { Settled } from '../settle.ts'
import { findBacking } from './find-backing.ts'
import { carryNodes, type NodeTree, payoutNodes, raiseNodes, workNodes } from './node-tree.ts'

/** What a verdict entry rests on, as `IDisputes.showBacking` wants it. */
export interface Backing {
  /** 83 bytes. */
  readonly header: Uint8Array
  readonly key: DeviceKey
  readonly signature: Uint8Array
  readonly evidencePath: readonly Hex[]
  readonly observation: Uint8Array
  readonly bodyPath: readonly Hex[]
}

/** Everything about a root that can be shown in a dispute. */
export interface RootTrees {
  readonly rootId: Hex
  readonly root: Root
  readonly payout: NodeTree
  readonly work: NodeTree
  readonly carry: NodeTree
  /** The verdict tree of a device; undefined for a device that the root does not have. */
  verdict(device: number): NodeTree | undefined
  /** What an entry of the device rests on; undefined when there is no such report in the root's evidence. */
  backing(device: number, entry: VerdictEntry): Backing | undefined
}

/** What whoever settled a root can show of it. */
export function treesOf(settled: Settled): RootTrees {
  const { rootId, root, payoutTree, workTree, carryTree, rows } = settled
  return {
    rootId,
    root,
    payout: payoutNodes(payoutTree),
    work: workNodes(workTree),
    carry: carryNodes(carryTree),
    verdict: (device) =>
      device < root.deviceCount ? raiseNodes('verdict', verdictLeaves(rows, device)) : undefined,
    backing: (device, entry) => findBacking(settled, device, entry),
  }
}

/** The entries of a device as leaves of its verdict tree, without their tag. */
export function verdictLeaves({ bytes, start }: Rows, device: number): Uint8Array[] {
  const first = start[device]!
  return Array.from({ length: start[device + 1]! - first }, (_, i) =>
    bytes.slice(ROW_BYTES * (first + i), ROW_BYTES * (first + i + 1)),
  )
}
