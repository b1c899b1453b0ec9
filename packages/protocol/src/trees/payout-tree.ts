import { equalBytes } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { multiproofBytes, topFromProof } from './sum-proof.ts'
import { buildSumTree, type LeafSource, type SumTreeKind } from './sum-tree.ts'
import { TreeError } from './tree-error.ts'
import { payoutTags, payoutTopTag } from './tree-tags.ts'
import { fitsAmount, readUint, requireHash, requireUint, setUint128 } from './uint.ts'

/** A node of a payout tree: its hash and the sum of the cumulative amounts below it, u128. */
export interface PayoutNode {
  readonly hash: Uint8Array
  readonly sum: bigint
}

/**
 * Cumulative amounts by device index, in the token's smallest unit, u128 each: bigints, or pairs of 64-bit halves
 * (high, low) where a million bigints would be too many.
 */
export type PayoutAmounts = readonly bigint[] | BigUint64Array

/** The payout tree of a root (spec 5). */
export interface PayoutTree extends PayoutNode {
  readonly depth: number
  /** Devices. */
  readonly count: number
  /** Siblings of a device from its leaf up, 48 bytes each. Throws TreeError `no_such_node`. */
  proof(index: number): Uint8Array
  /** One proof for `count` neighbours from device `first` on. Throws TreeError `no_such_run`. */
  multiproof(first: number, count: number): Uint8Array
  /** The node at `position` of `height`, levels above the leaves. Throws TreeError `no_such_node`. */
  node(height: number, position: number): PayoutNode
  /** The two children of a node; `height` is at least 1. Throws TreeError `no_such_node`. */
  children(height: number, position: number): [left: PayoutNode, right: PayoutNode]
  /** A device's cumulative amount. Throws TreeError `no_such_node` where no device stands. */
  leafAt(index: number): { readonly index: number; readonly cumulative: bigint }
  /** The leaf's preimage without its tag, as a reveal shows it; no bytes for an empty leaf. */
  leafBytes(position: number): Uint8Array
}

const kind: SumTreeKind = { tags: payoutTags, leafBytes: 20, sums: 1, amountsAt: 4, amountBytes: 16 }

/**
 * Builds the payout tree. The amounts are kept, not copied: they must not change while the tree is in use.
 *
 * @throws TreeError `leaf_value` for an amount that does not fit 128 bits, `sum_overflow` when their sum does not.
 */
export const buildPayoutTree = (cumulative: PayoutAmounts): PayoutTree => {
  const tree = buildSumTree(
    kind,
    cumulative instanceof BigUint64Array ? halvesSource(cumulative) : bigintSource(cumulative),
  )
  const top = decodePayoutNode(tree.node(tree.depth, 0))
  return {
    ...tree,
    hash: top.hash,
    sum: top.sum,
    node: (height, position) => decodePayoutNode(tree.node(height, position)),
    children: (height, position) => {
      const [left, right] = tree.children(height, position)
      return [decodePayoutNode(left), decodePayoutNode(right)]
    },
    leafAt: (index) => {
      if (index < tree.count) return { index, cumulative: decodePayoutNode(tree.node(0, index)).sum }
      throw noDevice(index, tree.count)
    },
  }
}

/** A node as trees and proofs have it: hash (32) ‖ sum u128. Throws TreeError `leaf_value`. */
export const encodePayoutNode = ({ hash, sum }: PayoutNode): Uint8Array => {
  const bytes = new Uint8Array(48)
  bytes.set(requireHash(hash, 'hash'))
  setUint128(new DataView(bytes.buffer), 32, sum, 'sum')
  return bytes
}

/** The node that 48 bytes of a tree or a proof write. */
export const decodePayoutNode = (bytes: Uint8Array): PayoutNode => ({
  hash: bytes.slice(0, 32),
  sum: readUint(bytes.subarray(32, 48)),
})

/** A leaf's preimage without its tag: index u32 ‖ cumulative u128. Throws TreeError `leaf_value`. */
export const encodePayoutLeaf = (index: number, cumulative: bigint): Uint8Array => {
  const row = new Uint8Array(20)
  const view = new DataView(row.buffer)
  view.setUint32(0, requireUint(index, 32, 'index'))
  setUint128(view, 4, cumulative, 'cumulative')
  return row
}

/** What the vault keeps of a root for claims: H(2f ‖ hash ‖ sum). Throws TreeError `leaf_value`. */
export const payoutTop = (hash: Uint8Array, sum: bigint): Uint8Array => {
  const preimage = new Uint8Array(49)
  preimage[0] = payoutTopTag
  preimage.set(encodePayoutNode({ hash, sum }), 1)
  return keccak256(preimage)
}

/** What {@link verifyPayoutProof} is told about the tree and one of its devices. */
export interface PayoutProof {
  readonly top: PayoutNode
  /** Devices in the tree. */
  readonly count: number
  readonly index: number
  readonly cumulative: bigint
  /** 48 bytes each, from the leaf up. */
  readonly siblings: Uint8Array
}

/** Whether the device has that cumulative amount under that top, and all sums on the way add up. Total. */
export const verifyPayoutProof = ({ index, cumulative, ...proof }: PayoutProof): boolean =>
  verifyPayoutMultiproof({ ...proof, first: index, cumulatives: [cumulative] })

/** What {@link verifyPayoutMultiproof} is told about the tree and a run of neighbours in it. */
export interface PayoutMultiproof {
  readonly top: PayoutNode
  readonly count: number
  readonly first: number
  readonly cumulatives: readonly bigint[]
  /** 48 bytes each, in the order of spec 5, "Multiproof". */
  readonly siblings: Uint8Array
}

/** Whether the neighbours have those cumulative amounts under that top, and all sums on the way add up. Total. */
export const verifyPayoutMultiproof = (proof: PayoutMultiproof): boolean => {
  const { top, count, first, cumulatives, siblings } = proof
  if (!cumulatives.every((amount) => fitsAmount(amount, 128))) return false
  const rows = new Uint8Array(cumulatives.length * kind.leafBytes)
  bigintSource(cumulatives, first).write(rows, 0, cumulatives.length)
  const found = topFromProof(kind, { count, first, rows, siblings })
  if (found === undefined) return false
  const node = decodePayoutNode(found)
  return node.sum === top.sum && equalBytes(node.hash, top.hash)
}

/** Siblings that prove `run` neighbours from device `first` on, of `count` devices. */
export const payoutMultiproofSiblings = (count: number, first: number, run: number): number =>
  multiproofBytes(kind, { count, first, run }) / 48

const bigintSource = (amounts: readonly bigint[], firstIndex = 0): LeafSource => ({
  count: amounts.length,
  write: (rows, first, count) => {
    const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
    for (let i = 0; i < count; i++) {
      view.setUint32(i * 20, firstIndex + first + i)
      setUint128(view, i * 20 + 4, amounts[first + i]!, 'cumulative')
    }
  },
})

const halvesSource = (halves: BigUint64Array): LeafSource => {
  if (halves.length % 2 !== 0) throw oddHalves(halves.length)
  return {
    count: halves.length / 2,
    write: (rows, first, count) => {
      const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
      for (let i = 0; i < count; i++) {
        view.setUint32(i * 20, first + i)
        view.setBigUint64(i * 20 + 4, halves[2 * (first + i)]!)
        view.setBigUint64(i * 20 + 12, halves[2 * (first + i) + 1]!)
      }
    },
  }
}

const noDevice = (index: number, count: number): TreeError =>
  new TreeError({
    code: 'no_such_node',
    message: `Device ${index} was asked of a payout tree of ${count} devices.`,
    fix: `Ask for an index below ${count}; a device that joined later has a leaf in later trees only.`,
  })

const oddHalves = (length: number): TreeError =>
  new TreeError({
    code: 'leaf_size',
    message: `${length} 64-bit halves are not whole amounts.`,
    fix: 'Pass two for each device: the high half, then the low one.',
  })
