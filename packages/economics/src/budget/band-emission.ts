import { least, mulDiv } from '../arithmetic/mul-div.ts'
import { TOTAL_MAX, WAD } from '../arithmetic/units.ts'
import { requireRange } from '../economics-error.ts'
import { type BandLimits, deriveBand, overflow, sellersPart } from './band.ts'
import { smoothBurn } from './net-emission.ts'

/** A band as a network's emission: `contracts/src/BandEmission.sol`. Amounts are in the token's smallest unit. */
export interface BandEmission extends BandLimits {
  /** The cap rests in an epoch in which less was paid, so that next to nothing does not bring it into force. */
  readonly capFrom: bigint
  /** The part of all rewards that reaches sellers, with 18 decimals. */
  readonly reach: bigint
  /** The total of the schedule below the band. */
  readonly baseTotal: bigint
}

/** What an epoch gives the band. */
export interface BandEpoch {
  /** The schedule's emission of this epoch. */
  readonly scheduled: bigint
  /** What customers' credits of this epoch burned, and what they paid to sellers: bought at the lower price, so they are tokens at that price already. */
  readonly burned: bigint
  readonly paidDirectly: bigint
}

/** Where a band stands after an epoch. */
export interface BandState {
  readonly smoothedBurn: bigint
  /** Everything that was emitted again so far, as net emission or as top-up. */
  readonly reminted: bigint
  /** Everything that went above the cap so far. */
  readonly overflow: bigint
}

/** Before epoch 0. */
export const openBand: BandState = { smoothedBurn: 0n, reminted: 0n, overflow: 0n }

/**
 * Takes in an epoch: the network is emitted `scheduled` and what the state's sums grow by, less the overflow.
 *
 * One number is emitted for the whole network, so what sellers get above the cap is taken from all rewards by `reach`, as the floor's top-up is given to all. What is
 * emitted again stops where all emission would pass 96 bits.
 *
 * @throws EconomicsError for limits or a reach out of bounds
 */
export function advanceBand(terms: BandEmission, state: BandState, epoch: BandEpoch): BandState {
  requireRange('baseTotal', terms.baseTotal, 0n, TOTAL_MAX)
  const { scheduled, burned, paidDirectly } = epoch
  const smoothedBurn = smoothBurn(state.smoothedBurn, burned)
  const paid = burned + paidDirectly
  const band = deriveBand(terms, {
    scheduled,
    smoothedBurn,
    paidAtFloorPrice: paid,
    paidAtPrice: paid < terms.capFrom ? undefined : paid,
    paidDirectly,
    reach: terms.reach,
  })
  const again = least(band.reEmitted + band.topUp, TOTAL_MAX - terms.baseTotal - state.reminted)
  const rewards = scheduled + again
  return {
    smoothedBurn,
    reminted: state.reminted + again,
    overflow: state.overflow + overflowOf(terms, rewards, paidDirectly, band.cap),
  }
}

function overflowOf(
  { reach }: BandEmission,
  rewards: bigint,
  paidDirectly: bigint,
  cap: bigint | undefined,
): bigint {
  if (reach === 0n) return 0n
  const earnings = paidDirectly + sellersPart(rewards, reach)
  return least(mulDiv(overflow(earnings, cap, earnings), WAD, reach), rewards)
}
