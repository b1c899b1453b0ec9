/** Where a dispute begins below the top of a tree. */
export interface NodePlace {
  /** 0 is a leaf. */
  readonly height: number
  readonly position: number
  /** The node as it stands in a proof: 32 bytes for carry, 48 for payout, 96 for work and verdict. */
  readonly node: Uint8Array
  /** Its siblings from its level up, of the same width. */
  readonly siblings: Uint8Array
}
