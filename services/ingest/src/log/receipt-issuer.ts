import {
  evidenceTree,
  type Hex,
  keccak256,
  type NetworkId,
  type PlainTree,
  type Receipt,
  toHex,
} from '@cairn/protocol'
import type { IngestFault } from '../fault.ts'
import type { EpochIndex, GroupRange } from './epoch-index.ts'
import type { SignGroup } from './group-signer.ts'

/** Gives out the receipts of an epoch's durable reports. Asked again for an index, it gives the same one. */
export interface ReceiptIssuer {
  receipt(index: number): Receipt
}

/** What a {@link ReceiptIssuer} needs. */
export interface ReceiptIssuerOptions {
  readonly network: NetworkId
  readonly epoch: number
  readonly index: EpochIndex
  readonly sign: SignGroup
  readonly fault?: IngestFault | undefined
}

/** A group that receipts are made from: signed once, each node turned into text once. */
interface SignedGroup {
  readonly group: Receipt['group']
  readonly signature: Hex
  path(position: number): Hex[]
}

/** Groups kept ready. Nearly all receipts are asked for right after their group was written. */
const keptGroups = 16

export function createReceiptIssuer(options: ReceiptIssuerOptions): ReceiptIssuer {
  const { index, fault } = options
  const kept = new Map<number, SignedGroup>()
  const groupOf = (at: number): SignedGroup => {
    const range = index.groupOf(at)
    const found = kept.get(range.first)
    if (found !== undefined) return found
    const made = signGroup(options, range, index.hashes(range.first, range.count))
    kept.set(range.first, made)
    if (kept.size > keptGroups) kept.delete(kept.keys().next().value!)
    return made
  }
  let asked = 0
  return {
    receipt(at) {
      const signed =
        fault === 'equivocate' && asked++ % 2 === 1 ? forkedGroup(options, index.groupOf(at)) : groupOf(at)
      return {
        group: signed.group,
        signature: signed.signature,
        index: at,
        path: signed.path(at - signed.group.first),
        recordHash: toHex(index.hashes(at, 1)),
      }
    },
  }
}

function signGroup(options: ReceiptIssuerOptions, range: GroupRange, hashes: Uint8Array): SignedGroup {
  const tree = evidenceTree(hashes)
  const group = {
    network: options.network,
    epoch: options.epoch,
    first: range.first,
    count: range.count,
    batchRoot: toHex(tree.root),
  }
  return { group, signature: options.sign(group), path: pathsOf(tree) }
}

/** The fault `equivocate`: the same reports, and behind them one that does not exist, at an index of the next group. */
function forkedGroup(options: ReceiptIssuerOptions, { first, count }: GroupRange): SignedGroup {
  const hashes = new Uint8Array(32 * (count + 1))
  hashes.set(options.index.hashes(first, count))
  hashes.set(keccak256(hashes), 32 * count)
  return signGroup(options, { first, count: count + 1 }, hashes)
}

/** Neighbours share most of their paths, so the text of every node is kept. */
function pathsOf(tree: PlainTree): (position: number) => Hex[] {
  const text = Array.from({ length: tree.depth }, (): Hex[] => [])
  return (position) =>
    text.map((level, height) => {
      const sibling = (position >> height) ^ 1
      level[sibling] ??= toHex(tree.node(height, sibling))
      return level[sibling]
    })
}
