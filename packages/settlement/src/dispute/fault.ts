import type { PayoutNode, VerdictEntry, WorkLeaf, WorkNode } from '@cairn/protocol'
import type { TreeName } from './tree-form.ts'

/** A payout leaf's amount with its siblings, 48 bytes each, from the leaf up. */
export interface PayoutLeafProof {
  readonly cumulative: bigint
  readonly siblings: Uint8Array
}

/** A work leaf with its siblings, 96 bytes each, from the leaf up. */
export interface WorkLeafProof {
  readonly leaf: WorkLeaf
  readonly siblings: Uint8Array
}

/** An entry of a verdict tree with its position and siblings, 96 bytes each. */
export interface VerdictEntryProof {
  readonly entry: VerdictEntry
  readonly position: number
  readonly siblings: Uint8Array
}

/** A path of children from the top of a tree; bit (depth − 1 − k) of `position` picks the child whose children are `pairs[k + 1]`. */
export interface Descent<Node> {
  readonly position: number
  readonly pairs: readonly (readonly [Node, Node])[]
}

/** A fault that one transaction proves (kinds 1 and 3). */
export type Proof =
  | {
      readonly kind: 'wrong-payout'
      readonly payout: PayoutLeafProof
      /** Left out where there is no parent or the device is not in it. */
      readonly parentPayout?: PayoutLeafProof
      readonly work: WorkLeafProof
    }
  | { readonly kind: 'bad-payout-sum'; readonly descent: Descent<PayoutNode> }
  | { readonly kind: 'bad-work-sum'; readonly descent: Descent<WorkNode> }
  | { readonly kind: 'bad-verdict-sum'; readonly work: WorkLeafProof; readonly descent: Descent<WorkNode> }
  | {
      readonly kind: 'disorder'
      readonly work: WorkLeafProof
      readonly a: VerdictEntryProof
      readonly b: VerdictEntryProof
    }

/** Something a true root could show, and this one perhaps can not (kinds 2 and 4). */
export type Demand =
  | {
      readonly kind: 'hidden'
      readonly tree: TreeName
      /** Whose verdict tree; 0 for the others. */
      readonly device: number
      readonly height: number
      readonly position: number
      readonly node: Uint8Array
      /** From this node's level up. */
      readonly siblings: Uint8Array
      /** The leaf above a verdict tree. */
      readonly work?: WorkLeafProof
    }
  | {
      readonly kind: 'unbacked'
      readonly device: number
      readonly work: WorkLeafProof
      readonly verdict: VerdictEntryProof
    }

/** What is known about a root that somebody attested. */
export interface Findings {
  /** The root is exactly what its inputs make. */
  readonly isTrue: boolean
  readonly proofs: readonly Proof[]
  /** To be made in this order. Empty where there is a proof. */
  readonly demands: readonly Demand[]
  /** What would come after them; to be demanded beside them when the window is about to close. */
  readonly whenLate: readonly Demand[]
  /** In words: what is wrong and can not be proven by kinds 1 to 4. */
  readonly unprovable: readonly string[]
}
