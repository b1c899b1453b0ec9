import { evidenceLeaf } from './evidence-tree.ts'
import { emptyLeaf, plainHashing } from './plain-tree.ts'
import { emptyAbove, hashPairs } from './tree-levels.ts'
import { evidenceTags } from './tree-tags.ts'

/**
 * An evidence tree that only grows and keeps O(log n) hashes: enough for its root at any moment, not for proofs.
 * For those, build `evidenceTree` from the report hashes.
 */
export interface EvidenceFrontier {
  /** Reports appended. */
  readonly count: number
  /** Adds the report with this hash (32 bytes) at index `count`. */
  append(recordHash: Uint8Array): void
  /** The root of the evidence tree over all appended so far. */
  root(): Uint8Array
}

const hashing = plainHashing(evidenceTags)

/** An {@link EvidenceFrontier} without reports. */
export const createEvidenceFrontier = (): EvidenceFrontier => {
  /** `complete[height]` is the last full subtree of that height, where bit `height` of the count is set. */
  const complete: Uint8Array[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    append: (recordHash) => {
      let node = evidenceLeaf(recordHash)
      let height = 0
      for (let rest = count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
        node = parentOf(complete[height]!, node)
        height++
      }
      complete[height] = node
      count++
    },
    root: () => rootOf(complete, count),
  }
}

const rootOf = (complete: readonly Uint8Array[], count: number): Uint8Array => {
  let empty = emptyLeaf(evidenceTags)
  if (count === 0) return empty
  /** The subtree of the present height that is filled in part; undefined when all leaves are in full ones. */
  let partial: Uint8Array | undefined
  let rest = count
  let height = 0
  for (; rest > 1 || partial !== undefined; height++) {
    const full = rest % 2 === 1 ? complete[height]! : undefined
    if (full !== undefined) partial = parentOf(full, partial ?? empty)
    else if (partial !== undefined) partial = parentOf(partial, empty)
    empty = emptyAbove(empty, hashing)
    rest = Math.floor(rest / 2)
    if (rest === 0) break
  }
  return partial ?? complete[height]!.slice()
}

const parentOf = (left: Uint8Array, right: Uint8Array): Uint8Array => {
  const pair = new Uint8Array(64)
  pair.set(left)
  pair.set(right, 32)
  const parent = new Uint8Array(32)
  hashPairs(pair, 1, parent, hashing)
  return parent
}
