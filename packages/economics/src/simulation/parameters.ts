import { TOKEN } from '../arithmetic/units.ts'
import type { BandLimits } from '../budget/band.ts'
import type { BreakerLimits } from '../budget/outflow-breaker.ts'
import type { WeightPoint } from '../budget/program-weights.ts'
import { requireWhole } from '../economics-error.ts'
import type { ExponentialDecay } from '../schedule/exponential-decay.ts'

/** Something that changes the world from an epoch on. Levels move in a straight line over `days` and then stay. */
export interface Shock {
  readonly epoch: number
  /** Over how many epochs: at least 1. */
  readonly days: number
  /** What speculators think the token is worth, times this. */
  readonly sentiment?: number
  /** Potential demand, times this. */
  readonly demand?: number
  /** The return operators ask for, times this: another network offers it. */
  readonly hurdle?: number
  /** Share of operators that leave for another network meanwhile. */
  readonly poached?: number
}

/** What a simulated network is like. Epochs are days; tokens in their smallest unit are bigints; everything else is in dollars and days. */
export interface EconomyParameters {
  /** Everybody who might ever operate: 1 to 4 194 304. */
  readonly operators: number
  /** Days: 1 to 36 500. */
  readonly epochs: number
  /** Days between two samples of the result. */
  readonly sampleEpochs: number
  readonly token: {
    readonly genesisSupply: bigint
    readonly schedule: ExponentialDecay
    /** Nothing scheduled is emitted from this epoch on. */
    readonly scheduleEnds: number
    readonly band: BandLimits
    readonly breaker: BreakerLimits
    /** Two programs: coverage, usage. */
    readonly weights: readonly WeightPoint[]
    /** Share of a payment that goes to sellers at once; the rest is burned. */
    readonly sellerBps: bigint
    /** The usage program pays at most this share of what was burned. */
    readonly usageReturnBps: bigint
  }
  readonly hardware: {
    /** A typical device; each costs 0.7 to 1.3 times that. */
    readonly priceUsd: number
    /** Power and upkeep a day; each 0.5 to 1.5 times that. */
    readonly costUsdPerDay: number
    /** What breaks for good. */
    readonly failurePerDay: number
  }
  readonly behaviour: {
    /** Active at the start. */
    readonly activeShare: number
    /** Return on hardware asked for, a year: each between these two. */
    readonly hurdle: readonly [low: number, high: number]
    /** Chance that somebody for whom it would pay decides to join today. */
    readonly enterPerDay: number
    /** Chance that somebody who has been losing money gives up today. */
    readonly leavePerDay: number
    /** Of what operators are paid in tokens, sold at once. */
    readonly soldShare: number
  }
  readonly customers: {
    /** Units a day if everybody knew the service and it cost nothing. A typical device serves one. */
    readonly potentialUnits: number
    /** Who knows it at the start. */
    readonly adoption: number
    /** Growth of adoption while it is small, a day. */
    readonly adoptionPerDay: number
    /** Nobody pays more than this for a unit; reservation prices are spread evenly below. */
    readonly maxPriceUsd: number
    /** The service's price moves within these. */
    readonly priceUsd: readonly [low: number, high: number]
  }
  readonly market: {
    readonly priceUsd: number
    readonly driftPerDay: number
    readonly volatilityPerDay: number
    /** How fast the price follows what speculators and revenue say. */
    readonly reversionPerDay: number
    /** Of the market's capitalisation, what can be traded in a day before it moves by half. */
    readonly depthShare: number
    /** A year, for the value of revenue. */
    readonly discount: number
  }
  readonly shocks: readonly Shock[]
}

/** A network of `operators` that begins with coverage pay and lets it sunset into usage pay over five years. */
export function defaultParameters(operators = 10_000, epochs = 3_650): EconomyParameters {
  requireWhole('operators', operators, 1, 4_194_304)
  requireWhole('epochs', epochs, 1, 36_500)
  const size = BigInt(operators)
  const perEpoch = (size * 274n * TOKEN) / 100n
  return {
    operators,
    epochs,
    sampleEpochs: Math.max(1, Math.min(30, Math.floor(epochs / 12))),
    token: {
      genesisSupply: size * 10_000n * TOKEN,
      schedule: { perEpoch, rate: { numerator: 98n, denominator: 100n }, stepEpochs: 30, steps: 240 },
      scheduleEnds: 0xffff_ffff,
      band: { floorBps: 7_500n, capBps: 30_000n, netEmissionCap: (size * TOKEN) / 2n },
      breaker: { windowEpochs: 30, limit: 60n * perEpoch },
      weights: [
        { epoch: 365, weightsBps: [9_000, 1_000] },
        { epoch: 1_825, weightsBps: [1_000, 9_000] },
      ],
      sellerBps: 5_000n,
      usageReturnBps: 10_000n,
    },
    hardware: { priceUsd: 400, costUsdPerDay: 0.3, failurePerDay: 0.0003 },
    behaviour: {
      activeShare: 0.2,
      hurdle: [0.1, 0.8],
      enterPerDay: 0.01,
      leavePerDay: 0.03,
      soldShare: 0.7,
    },
    customers: {
      potentialUnits: operators,
      adoption: 0.03,
      adoptionPerDay: 0.005,
      maxPriceUsd: 4,
      priceUsd: [0.5, 3],
    },
    market: {
      priceUsd: 0.2,
      driftPerDay: 0.00045,
      volatilityPerDay: 0.03,
      reversionPerDay: 0.05,
      depthShare: 0.02,
      discount: 0.2,
    },
    shocks: [],
  }
}
