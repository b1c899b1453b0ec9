import { compareBytes, toHex } from '../hex.ts'
import { keccak256 } from '../keccak/keccak256.ts'
import { buildTree, type PlainTree, verifyProof } from './plain-tree.ts'
import { TreeError } from './tree-error.ts'
import { carryTags } from './tree-tags.ts'

/** The most bytes a carried value may have (spec 5). */
export const carryValueBytes = 1024

/** State that a sector hands from one epoch to the next. */
export interface CarryEntry {
  /** 32 bytes. */
  readonly key: Uint8Array
  /** The last epoch in which the key's partition had evidence; u32. */
  readonly lastEpoch: number
  /** At most {@link carryValueBytes}. */
  readonly value: Uint8Array
}

/** The carry tree of a root. */
export interface CarryTree extends PlainTree {
  /** The leaf's preimage without its tag, as a reveal shows it; no bytes for an empty leaf. Throws TreeError `no_such_node`. */
  leafBytes(position: number): Uint8Array
}

/**
 * An entry as its leaf's preimage has it, without the tag: key ‖ last epoch u32 ‖ value.
 *
 * @throws TreeError `leaf_value` for a field out of its bounds.
 */
export const encodeCarryEntry = ({ key, lastEpoch, value }: CarryEntry): Uint8Array => {
  if (key.length !== 32) throw outOfBounds('key', `${key.length} bytes`, '32 bytes')
  if (!Number.isInteger(lastEpoch) || lastEpoch < 0 || lastEpoch > 0xffff_ffff) {
    throw outOfBounds('lastEpoch', `${lastEpoch}`, 'an integer of 32 bits')
  }
  if (value.length > carryValueBytes) {
    throw outOfBounds('value', `${value.length} bytes`, `at most ${carryValueBytes}`)
  }
  const bytes = new Uint8Array(36 + value.length)
  bytes.set(key)
  new DataView(bytes.buffer).setUint32(32, lastEpoch)
  bytes.set(value, 36)
  return bytes
}

/** The leaf hash of an entry: H(50 ‖ key ‖ last epoch ‖ value). Throws as {@link encodeCarryEntry} does. */
export const carryLeaf = (entry: CarryEntry): Uint8Array => {
  const encoded = encodeCarryEntry(entry)
  const preimage = new Uint8Array(1 + encoded.length)
  preimage[0] = carryTags.leaf
  preimage.set(encoded, 1)
  return keccak256(preimage)
}

/**
 * Builds the carry tree. The entries are kept, not copied: they must not change while the tree is in use.
 *
 * @throws TreeError `leaf_order` when keys do not ascend strictly, `leaf_value` as encodeCarryEntry does.
 */
export const buildCarryTree = (entries: readonly CarryEntry[]): CarryTree => {
  const leaves = new Uint8Array(entries.length * 32)
  entries.forEach((entry, i) => {
    leaves.set(carryLeaf(entry), i * 32)
    if (i > 0 && compareBytes(entries[i - 1]!.key, entry.key) >= 0) throw disorder(i, entry.key)
  })
  const tree = buildTree(leaves, carryTags)
  return {
    ...tree,
    leafBytes: (position) => {
      tree.node(0, position)
      const entry = entries[position]
      return entry === undefined ? new Uint8Array() : encodeCarryEntry(entry)
    },
  }
}

/** What {@link verifyCarryProof} is told about the tree and one of its entries. */
export interface CarryProof {
  readonly root: Uint8Array
  readonly count: number
  readonly position: number
  readonly entry: CarryEntry
  readonly siblings: readonly Uint8Array[]
}

/** Whether the entry stands at its position of the tree with that root and count. Throws only for an entry out of bounds. */
export const verifyCarryProof = ({ entry, ...proof }: CarryProof): boolean =>
  verifyProof({ ...proof, leafHash: carryLeaf(entry) }, carryTags)

const disorder = (position: number, key: Uint8Array): TreeError =>
  new TreeError({
    code: 'leaf_order',
    message: `The carry entry at position ${position} has key ${toHex(key)}, which is not above the one before it.`,
    fix: 'Sort the entries by key, bytewise, and pass each key once.',
    field: 'key',
  })

const outOfBounds = (field: string, found: string, expected: string): TreeError =>
  new TreeError({
    code: 'leaf_value',
    message: `The ${field} of a carry entry is ${found}; expected ${expected}.`,
    fix: 'Correct the entry: its fields have the sizes of the carry leaf in spec 5.',
    field,
    value: found,
  })
