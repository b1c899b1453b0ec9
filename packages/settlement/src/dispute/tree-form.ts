import {
  carryTags,
  concatBytes,
  equalBytes,
  keccak256,
  payoutTags,
  type TreeTags,
  verdictTags,
  workTags,
} from '@cairn/protocol'

/** The trees of a root that a dispute can walk down. */
export type TreeName = 'payout' | 'work' | 'verdict' | 'carry'

/** Where the amounts of a leaf stand, and how many sums a node has (spec 5). */
interface TreeForm {
  readonly tags: TreeTags
  readonly sums: 0 | 1 | 4
  readonly amountsAt: number
  readonly amountBytes: number
}

const forms: Readonly<Record<TreeName, TreeForm>> = {
  payout: { tags: payoutTags, sums: 1, amountsAt: 4, amountBytes: 16 },
  work: { tags: workTags, sums: 4, amountsAt: 4, amountBytes: 12 },
  verdict: { tags: verdictTags, sums: 4, amountsAt: 12, amountBytes: 12 },
  carry: { tags: carryTags, sums: 0, amountsAt: 0, amountBytes: 0 },
}

const HASH_BYTES = 32
const SUM_BYTES = 16

/** Bytes of a node as it stands in a proof: hash, then its sums. */
export function nodeWidth(tree: TreeName): number {
  return HASH_BYTES + SUM_BYTES * forms[tree].sums
}

/** The node of a position without a leaf. */
export function emptyNode(tree: TreeName): Uint8Array {
  const node = new Uint8Array(nodeWidth(tree))
  node.set(keccak256(Uint8Array.of(forms[tree].tags.empty)))
  return node
}

/** The node that a leaf makes, given its preimage without the tag. */
export function leafNode(tree: TreeName, leaf: Uint8Array): Uint8Array {
  const { tags, sums, amountsAt, amountBytes } = forms[tree]
  const node = new Uint8Array(nodeWidth(tree))
  node.set(keccak256(concatBytes(Uint8Array.of(tags.leaf), leaf)))
  for (let sum = 0; sum < sums; sum++) {
    const amount = leaf.subarray(amountsAt + amountBytes * sum, amountsAt + amountBytes * (sum + 1))
    node.set(amount, HASH_BYTES + SUM_BYTES * (sum + 1) - amountBytes)
  }
  return node
}

/** The hash of the node above two children. */
export function parentHash(tree: TreeName, left: Uint8Array, right: Uint8Array): Uint8Array {
  return keccak256(concatBytes(Uint8Array.of(forms[tree].tags.node), left, right))
}

/** The node above two children whose sums do not leave 128 bits. */
export function parentNode(tree: TreeName, left: Uint8Array, right: Uint8Array): Uint8Array {
  const [a, b] = [nodeSums(left), nodeSums(right)]
  return packNode(
    parentHash(tree, left, right),
    a.map((sum, i) => sum + b[i]!),
  )
}

/** The sums of a node. */
export function nodeSums(node: Uint8Array): bigint[] {
  const view = new DataView(node.buffer, node.byteOffset, node.byteLength)
  return Array.from({ length: (node.length - HASH_BYTES) / SUM_BYTES }, (_, i) => {
    const at = HASH_BYTES + SUM_BYTES * i
    return (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8)
  })
}

/** The hash of a node. */
export function nodeHash(node: Uint8Array): Uint8Array {
  return node.subarray(0, HASH_BYTES)
}

/** Whether the sums of the children are the node's. Sums that leave 128 bits do not add up to anything. */
export function addsUp(node: Uint8Array, left: Uint8Array, right: Uint8Array): boolean {
  const [above, a, b] = [nodeSums(node), nodeSums(left), nodeSums(right)]
  return above.every((sum, i) => a[i]! + b[i]! === sum)
}

/** Whether both have one hash, whatever their sums. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytes(nodeHash(a), nodeHash(b))
}

/** A node from its parts, as roots and leaves have them. */
export function packNode(hash: Uint8Array, sums: readonly bigint[]): Uint8Array {
  const node = new Uint8Array(HASH_BYTES + SUM_BYTES * sums.length)
  node.set(hash)
  const view = new DataView(node.buffer)
  sums.forEach((sum, i) => {
    view.setBigUint64(HASH_BYTES + SUM_BYTES * i, sum >> 64n)
    view.setBigUint64(HASH_BYTES + SUM_BYTES * i + 8, sum & 0xffff_ffff_ffff_ffffn)
  })
  return node
}
