import type { Hex, Root } from '@cairn/protocol'
import { type RootTrees, type Settled, treesOf } from '@cairn/settlement'
import { type Recomputer, RootDiffersError } from '../recomputer.ts'

/** Roots as their inputs make them, of which the last few are kept: everything about a dispute needs their trees. */
export interface SettledRoots {
  /** What the root of this parent and last epoch has to be; undefined where the parent itself is false. */
  settle(parent: Hex, last: number): Promise<Settled | undefined>
  /** The trees of a root, if it is what its inputs make. */
  treesOf(root: Root, rootId: Hex): Promise<RootTrees | undefined>
  /** Forgets everything: the chain is another. */
  clear(): void
}

/** @param most roots kept at once; one with a million devices takes some hundred megabytes */
export function createSettledRoots(recomputer: Recomputer, most = 3): SettledRoots {
  const kept = new Map<string, Promise<Settled | undefined>>()
  const trees = new WeakMap<Settled, RootTrees>()
  const begin = async (parent: Hex, last: number) => {
    try {
      return await recomputer.settleAfter(parent, last)
    } catch (error) {
      if (error instanceof RootDiffersError && error.code === 'root_differs') return undefined
      throw error
    }
  }
  const settle = (parent: Hex, last: number) => {
    const key = `${parent}/${last}`
    const settled = kept.get(key) ?? begin(parent, last)
    kept.delete(key)
    kept.set(key, settled)
    settled.catch(() => kept.delete(key))
    while (kept.size > most) kept.delete(kept.keys().next().value!)
    return settled
  }
  return {
    settle,
    async treesOf(root, rootId) {
      const settled = await settle(root.parent, root.last)
      if (settled?.rootId !== rootId) return undefined
      const known = trees.get(settled) ?? treesOf(settled)
      trees.set(settled, known)
      return known
    },
    clear: () => kept.clear(),
  }
}
