import { BPS } from '../arithmetic/units.ts'
import type { Price } from '../credits/credits.ts'
import { requireRange, requireWhole } from '../economics-error.ts'

/** Times of a network, in seconds (spec 6, Timeline). */
export interface SafetyTimeline {
  readonly epochSeconds: number
  readonly sealSeconds: number
  readonly availabilitySeconds: number
  readonly attestSeconds: number
  readonly challengeSeconds: number
  readonly responseSeconds: number
  readonly exitSeconds: number
}

/** What an operator of a device class risks and could gain. */
export interface OperatorParameters {
  /** Of one device. */
  readonly bond: bigint
  /** Part of the bond that a proven fault takes. */
  readonly slashBps: number
  /** What a dishonest device earns in an epoch, in tokens. */
  readonly gainPerEpoch: bigint
  /** For how many epochs before a verdict could show it. */
  readonly epochsUntilDetected: number
  /** How likely it is shown then. */
  readonly detectionBps: number
}

/** Of a network, what decides whether cheating pays. Tokens in their smallest unit, shares in basis points. */
export interface SafetyParameters {
  readonly timeline: SafetyTimeline
  /** The most that an epoch emits, the verifiers' share included. */
  readonly emissionPerEpoch: bigint
  /** What waits in pots of programs that had no work: the next root with such work may promise it at once. */
  readonly rollover: bigint
  readonly verifierShareBps: number
  /** How many verifiers are bonded, or planned. */
  readonly verifiers: number
  /** All their bonds together. */
  readonly verifierBonds: bigint
  /** The least bond that an ingest deposits; a tenth of it is what a late commitment costs. */
  readonly ingestBond: bigint
  /** The smallest bond that an ingest has left; {@link SafetyParameters.ingestBond} before anything was slashed. */
  readonly smallestIngestBond: bigint
  readonly challengeBond: bigint
  /** For each program that customers can spend on, the seller's part of what is spent. Empty where nothing is sold. */
  readonly sellerBps: readonly number[]
  /** For each program, the most it pays for what was burned for it; 0 where it is not bounded by that, and pays for what nobody buys. */
  readonly returnBps: readonly number[]
  /** Undefined where operators have no bond. */
  readonly operator?: OperatorParameters | undefined
}

/** What parameters can not say: the world a network is in. */
export interface SafetyAssumptions {
  readonly tokenPrice: Price
  readonly gasPriceWei: bigint
  /** Price of the coin that gas is paid in. */
  readonly coinPrice: Price
  /** How likely at least one watcher is awake and heard while something false can be proven. */
  readonly detectionBps: number
  /** The longest time in which no root is accepted, in seconds: the next one covers it all. */
  readonly outageSeconds: number
  /** What recomputing an epoch costs, in credits. */
  readonly checkCostCredits: bigint
  /** A false root comes no more often than this and still pays for watching, in seconds. */
  readonly cheatEverySeconds: number
  /** How long the chain's block producers can keep a transaction out, in seconds. */
  readonly forcedInclusionSeconds: number
}

const USD = { decimals: 6 } as const

/**
 * A dollar a token; gas at 1 gwei of a coin of $3 000; a watcher awake every other time; a day without roots; five cents to recompute an epoch (a
 * small machine for an hour); one false root a year; and 12 hours to force a transaction in, as rollups of the OP stack have
 * (ethereum-optimism/specs, protocol/derivation: sequencer window of 3 600 blocks of 12 s).
 */
export const defaultAssumptions: SafetyAssumptions = {
  tokenPrice: { value: 1_000_000n, ...USD },
  gasPriceWei: 1_000_000_000n,
  coinPrice: { value: 3_000_000_000n, ...USD },
  detectionBps: 5_000,
  outageSeconds: 86_400,
  checkCostCredits: 50_000n,
  cheatEverySeconds: 31_536_000,
  forcedInclusionSeconds: 43_200,
}

/** Throws `out_of_range` for assumptions that nothing can be computed from. */
export function requireAssumptions(assumptions: SafetyAssumptions): void {
  requireRange('tokenPrice', assumptions.tokenPrice.value, 1n, 1n << 96n)
  requireRange('coinPrice', assumptions.coinPrice.value, 0n, 1n << 96n)
  requireRange('gasPriceWei', assumptions.gasPriceWei, 0n, 10n ** 18n)
  requireWhole('detectionBps', assumptions.detectionBps, 1, Number(BPS))
  requireWhole('outageSeconds', assumptions.outageSeconds, 0, 2 ** 32)
  requireWhole('cheatEverySeconds', assumptions.cheatEverySeconds, 1, 2 ** 40)
  requireWhole('forcedInclusionSeconds', assumptions.forcedInclusionSeconds, 0, 2 ** 32)
}
