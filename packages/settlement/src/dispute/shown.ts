import { encodeVerdictEntry, toHex, type VerdictEntry } from '@cairn/protocol'
import type { TreeName } from './tree-form.ts'

/** A place in one of a root's trees. */
export interface TreePlace {
  readonly tree: TreeName
  /** Whose verdict tree; 0 for the others. */
  readonly device: number
  readonly height: number
  readonly position: number
}

/** What the disputes about a root brought to light: one of these for each answer that a contract took. */
export type Showing =
  | (TreePlace & { readonly left: Uint8Array; readonly right: Uint8Array })
  | (Omit<TreePlace, 'height'> & { readonly leaf: Uint8Array })
  | { readonly device: number; readonly backed: VerdictEntry }

/** Lookup by place. */
export interface Shown {
  children(place: TreePlace): readonly [Uint8Array, Uint8Array] | undefined
  leaf(place: Omit<TreePlace, 'height'>): Uint8Array | undefined
  /** All leaves of a tree that were shown, by position. */
  leaves(tree: TreeName, device: number): ReadonlyMap<number, Uint8Array>
  isBacked(device: number, entry: VerdictEntry): boolean
}

/** Orders what was shown by where it belongs. */
export function shownOf(showings: Iterable<Showing>): Shown {
  const pairs = new Map<string, readonly [Uint8Array, Uint8Array]>()
  const leaves = new Map<string, Map<number, Uint8Array>>()
  const backed = new Set<string>()
  for (const showing of showings) {
    if ('backed' in showing) backed.add(backedKey(showing.device, showing.backed))
    else if ('leaf' in showing) {
      const key = treeKey(showing.tree, showing.device)
      leaves.set(key, (leaves.get(key) ?? new Map()).set(showing.position, showing.leaf))
    } else pairs.set(placeKey(showing), [showing.left, showing.right])
  }
  return {
    children: (place) => pairs.get(placeKey(place)),
    leaf: ({ tree, device, position }) => leaves.get(treeKey(tree, device))?.get(position),
    leaves: (tree, device) => leaves.get(treeKey(tree, device)) ?? new Map(),
    isBacked: (device, entry) => backed.has(backedKey(device, entry)),
  }
}

function treeKey(tree: TreeName, device: number): string {
  return `${tree}/${device}`
}

function placeKey({ tree, device, height, position }: TreePlace): string {
  return `${tree}/${device}/${height}/${position}`
}

function backedKey(device: number, entry: VerdictEntry): string {
  return `${device}/${toHex(encodeVerdictEntry(entry))}`
}
