import { blockBytes, digestBytes } from '../memory-layout.ts'

/** Indices of all lanes of a state, in the order `x + 5y`. */
export const stateLanes: readonly number[] = Array.from({ length: 25 }, (_, index) => index)

/** Those a block is added to. */
export const rateLanes = stateLanes.slice(0, blockBytes / 8)

/** Those a digest is read from. */
export const digestLanes = stateLanes.slice(0, digestBytes / 8)
