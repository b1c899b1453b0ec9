import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { climb } from './climb.ts'
import { buildTree, emptyLeaf } from './plain-tree.ts'
import type { TreeHashing } from './tree-levels.ts'
import { bodyTags } from './tree-tags.ts'

const hashing: TreeHashing = {
  nodeTag: bodyTags.node,
  width: 32,
  empty: emptyLeaf(bodyTags),
  pairOrder: 'position',
}

describe('climb', () => {
  it('behavior: every tree arrives at the top it would have alone', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 12 }), (counts) => {
        const total = counts.reduce((sum, count) => sum + count, 0)
        const leaves = new Uint8Array(32 * total).map((_, i) => (31 * i) ^ (i >> 5))
        const alone: number[] = []
        let first = 0
        for (const count of counts) {
          alone.push(...buildTree(leaves.subarray(32 * first, 32 * (first + count)), bodyTags).root)
          first += count
        }
        expect([...climb(leaves, Uint32Array.from(counts), hashing)]).toEqual(alone)
      }),
    )
  })
})
