/** Bytes of a keccak-256 block: 1600 bits of state less twice the 256 bits of capacity (FIPS 202 §5.1). */
export const blockBytes = 136

/** Bytes of a digest. */
export const digestBytes = 32

/**
 * Where things lie in the kernel's linear memory, in bytes. The kernel and its caller both read this table, so a
 * change here needs `npm run generate`.
 *
 * A block's mask says which bytes come from the message, its pad what stands in the other ones; there is one pair
 * for the first block of a row, one for those in between and one for the last.
 */
export const layout = {
  roundConstants: 0,
  digest: 192,
  state: 256,
  masks: { last: 512, first: 512 + blockBytes, middle: 512 + 2 * blockBytes },
  /** From a block's mask to its pad. */
  padFromMask: 3 * blockBytes,
  output: 2048,
  outputBytes: 128 * 1024,
  /** Small enough to stay in a second-level cache, and for an engine to swap in its optimised code early. */
  input: 2048 + 128 * 1024,
  inputBytes: 256 * 1024,
  /** The input is followed by room for a last block that is loaded whole, then masked. */
  pages: 7,
} as const
