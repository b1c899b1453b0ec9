/** The trees a dispute can walk down, in the order of the contract's `TreeKind`. */
export const treeKinds = ['payout', 'work', 'verdict', 'carry'] as const

export type TreeKind = (typeof treeKinds)[number]

/** The contract's number of a tree. */
export function treeKindNumber(tree: TreeKind): number {
  return treeKinds.indexOf(tree)
}
