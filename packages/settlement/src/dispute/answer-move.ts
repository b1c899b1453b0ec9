import { equalBytes, fromHex, type Hex, type VerdictEntry } from '@cairn/protocol'
import type { NodeTree } from './node-tree.ts'
import type { Backing, RootTrees } from './root-trees.ts'
import { nodeHash, type TreeName } from './tree-form.ts'

/** What a dispute asks its answerers for. */
export type Question =
  | {
      readonly kind: 'hidden'
      readonly tree: TreeName
      /** Whose verdict tree; 0 for the others. */
      readonly device: number
      readonly height: number
      readonly position: number
      /** Hash of the node in question. */
      readonly node: Hex
    }
  | { readonly kind: 'unbacked'; readonly device: number; readonly entry: VerdictEntry }

/** What answers it. */
export type Answer =
  | { readonly move: 'children'; readonly left: Uint8Array; readonly right: Uint8Array }
  /** The preimage without its tag; no bytes for an empty leaf. */
  | { readonly move: 'leaf'; readonly leaf: Uint8Array }
  | { readonly move: 'backing'; readonly entry: VerdictEntry; readonly backing: Backing }

/**
 * What somebody who has a root's trees can answer to a dispute about it; undefined when they do not hold what is asked for.
 */
export function answerMove(question: Question, trees: RootTrees): Answer | undefined {
  if (question.kind === 'unbacked') {
    const backing = trees.backing(question.device, question.entry)
    return backing && { move: 'backing', entry: question.entry, backing }
  }
  const { tree, device, height, position, node } = question
  const asked: NodeTree | undefined = tree === 'verdict' ? trees.verdict(device) : trees[tree]
  if (asked === undefined || height > asked.depth || position >= 2 ** (asked.depth - height)) return undefined
  const own = asked.node(height, position)
  if (own === undefined || !equalBytes(nodeHash(own), fromHex(node))) return undefined
  if (height === 0) {
    const leaf = asked.leaf(position)
    return leaf && { move: 'leaf', leaf }
  }
  const left = asked.node(height - 1, 2 * position)
  const right = asked.node(height - 1, 2 * position + 1)
  return left && right && { move: 'children', left, right }
}
