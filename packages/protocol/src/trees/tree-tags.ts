/** The first byte of every preimage in a tree, which keeps leaves, nodes and trees apart (table in spec 5). */
export interface TreeTags {
  readonly leaf: number
  readonly node: number
  readonly empty: number
}

/** Leaf: report hash (32). Also the tree of a group commit's batch. */
export const evidenceTags: TreeTags = { leaf: 0x00, node: 0x01, empty: 0x02 }

/** Leaf: observation bytes. */
export const bodyTags: TreeTags = { leaf: 0x10, node: 0x11, empty: 0x12 }

/** Leaf: index u32 ‖ cumulative u128. */
export const payoutTags: TreeTags = { leaf: 0x20, node: 0x21, empty: 0x22 }

/** hash ‖ sum u128 of a payout tree's top node, kept by the vault for claims. */
export const payoutTopTag = 0x2f

/** Leaf: index u32 ‖ work u96 × 4 ‖ verdict hash (32) ‖ verdict count u32. */
export const workTags: TreeTags = { leaf: 0x30, node: 0x31, empty: 0x32 }

/** Leaf: slot u32 ‖ index u32 ‖ observation u16 ‖ reason u16 ‖ work u96 × 4. */
export const verdictTags: TreeTags = { leaf: 0x40, node: 0x41, empty: 0x42 }

/** Leaf: key (32) ‖ last epoch u32 ‖ value bytes. */
export const carryTags: TreeTags = { leaf: 0x50, node: 0x51, empty: 0x52 }
