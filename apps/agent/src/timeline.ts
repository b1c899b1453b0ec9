/** When epochs are, from the network's immutable numbers (spec 6). */
export interface Timeline {
  /** Start of epoch 0, Unix ms. */
  readonly genesisMs: number
  readonly epochMs: number
}

/** The epoch open at `nowMs`; undefined before genesis. */
export function epochAt({ genesisMs, epochMs }: Timeline, nowMs: number): number | undefined {
  return nowMs < genesisMs ? undefined : Math.floor((nowMs - genesisMs) / epochMs)
}

/** The first ms of an epoch. */
export function epochStartMs({ genesisMs, epochMs }: Timeline, epoch: number): number {
  return genesisMs + epoch * epochMs
}
