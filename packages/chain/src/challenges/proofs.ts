import {
  type Hex,
  type PayoutNode,
  toHex,
  type VerdictEntry,
  type WorkLeaf,
  type WorkNode,
} from '@cairn/protocol'

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

/** A path of children from the top of a payout tree; bit (depth − 1 − k) of `position` picks the child whose children are `pairs[k + 1]`. */
export interface PayoutDescent {
  readonly position: number
  readonly pairs: readonly (readonly [PayoutNode, PayoutNode])[]
}

/** The same in a work tree or a verdict tree. */
export interface WorkDescent {
  readonly position: number
  readonly pairs: readonly (readonly [WorkNode, WorkNode])[]
}

/** As the contracts take it. */
export function encodePayoutLeafProof({ cumulative, siblings }: PayoutLeafProof) {
  return { cumulative, siblings: toHex(siblings) }
}

/** As the contracts take it. */
export function encodeWorkLeafProof({ leaf, siblings }: WorkLeafProof) {
  return { leaf: { ...leaf, verdictHash: toHex(leaf.verdictHash) }, siblings: toHex(siblings) }
}

/** As the contracts take it. */
export function encodeVerdictEntryProof({ entry, position, siblings }: VerdictEntryProof) {
  return { entry, position, siblings: toHex(siblings) }
}

/** As the contracts take it. */
export function encodePayoutDescent({ position, pairs }: PayoutDescent) {
  const encode = ({ hash, sum }: PayoutNode): { hash: Hex; sum: bigint } => ({ hash: toHex(hash), sum })
  return { position, pairs: pairs.map(([left, right]) => [encode(left), encode(right)] as const) }
}

/** As the contracts take it. */
export function encodeWorkDescent({ position, pairs }: WorkDescent) {
  const encode = ({ hash, sums }: WorkNode) => ({ hash: toHex(hash), sums })
  return { position, pairs: pairs.map(([left, right]) => [encode(left), encode(right)] as const) }
}
