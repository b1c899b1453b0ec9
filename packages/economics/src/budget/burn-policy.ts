import { least, mulDiv } from '../arithmetic/mul-div.ts'
import { BPS, WAD } from '../arithmetic/units.ts'
import { inconsistent, requireRange } from '../economics-error.ts'

/** What a reward policy that follows burns remembers between its reviews. */
export interface BurnPolicy {
  /** Emitted per epoch, in the token's smallest unit. */
  readonly perEpoch: bigint
  /** Which way the last review moved it: −1, 0 or 1. */
  readonly direction: -1 | 0 | 1
  /** The cap of the last review, in basis points. */
  readonly capBps: bigint
}

export interface PolicyReview {
  readonly policy: BurnPolicy
  /** What was taken of the way to the anchor, in basis points, negative for a cut. */
  readonly stepBps: bigint
  readonly reason: 'within_buffer' | 'within_band' | 'moved' | 'capped'
}

const bufferBps = 1_000n
const upperBandBps = 30_000n
const quantumBps = 500n
const capStepBps = 1_000n

/** The mean of `burns` and its growth over the mean of the same number of epochs before, and what follows from both. */
export interface BurnAnchor {
  /** Mean burn per epoch, rounded down. */
  readonly mean: bigint
  /** `⌊mean · mean / mean before⌋ · multiplier`: the burn to expect if it goes on growing as it did. */
  readonly anchor: bigint
}

/**
 * RNP-020's anchor, `I = B · (1 + g) · multiplier`: B the mean burn over `burns`, g its growth against `before` (none where that is empty).
 *
 * @param multiplier how the number of operators changed, with 18 decimals
 */
export function deriveAnchor(
  burns: readonly bigint[],
  before: readonly bigint[],
  multiplier = WAD,
): BurnAnchor {
  requireRange('burns.length', BigInt(burns.length), 1n, 512n)
  const mean = meanOf(burns)
  const meanBefore = before.length === 0 ? mean : meanOf(before)
  const grown = meanBefore === 0n ? mean : mulDiv(mean, mean, meanBefore)
  return { mean, anchor: mulDiv(grown, multiplier, WAD) }
}

/** What bounds how much can be sold without moving a price too far. All with 18 decimals. */
export interface ImpactInput {
  /** Traded per epoch, in dollars. */
  readonly volumeUsd: bigint
  /** Dollars per token. */
  readonly price: bigint
  /** The move that is accepted, as a fraction. */
  readonly impact: bigint
  /** How much the price moves per epoch anyway, as a fraction. */
  readonly volatility: bigint
  /** Y of the square-root law (B. Tóth et al. 2011); RNP-020 takes 1.3. */
  readonly coefficient: bigint
}

/** RNP-020's ceiling of a policy, in the token's smallest unit: `(V / P) · (I / (Y · σ))²`, rounded down. */
export const impactCeiling = ({ volumeUsd, price, impact, volatility, coefficient }: ImpactInput): bigint =>
  (volumeUsd * WAD * (impact * WAD) ** 2n) / (price * (coefficient * volatility) ** 2n)

const meanOf = (values: readonly bigint[]): bigint =>
  values.reduce((sum, value) => sum + value, 0n) / BigInt(values.length)

/**
 * One quarterly review of RNP-020: no change within 10 % of the anchor or while the policy is 1 to 3 times the anchor; else a step towards it in
 * units of 5 % of at most 10 % at first and 10 % more for each review that goes the same way again. A cut by r divides by 1 + r. Rounds to `unit`, halves up.
 *
 * @throws EconomicsError for a policy of zero
 */
export function reviewPolicy(policy: BurnPolicy, anchor: bigint, unit: bigint): PolicyReview {
  if (policy.perEpoch <= 0n || unit <= 0n) {
    throw inconsistent(
      'perEpoch',
      `The policy emits ${policy.perEpoch} per epoch in units of ${unit}.`,
      'Choose numbers above zero.',
    )
  }
  const distance = anchor > policy.perEpoch ? anchor - policy.perEpoch : policy.perEpoch - anchor
  const held = { policy: { ...policy, direction: 0, capBps: bufferBps }, stepBps: 0n } as const
  if (distance * BPS <= policy.perEpoch * bufferBps) return { ...held, reason: 'within_buffer' }
  if (anchor <= policy.perEpoch && policy.perEpoch * BPS <= anchor * upperBandBps) {
    return { ...held, reason: 'within_band' }
  }
  const direction = anchor > policy.perEpoch ? 1 : -1
  const capBps = direction === policy.direction ? least(policy.capBps + capStepBps, BPS) : bufferBps
  const wantedBps = mulDiv(distance, BPS, policy.perEpoch)
  const stepBps = (least(wantedBps, capBps) / quantumBps) * quantumBps
  const moved =
    direction === 1
      ? mulDiv(policy.perEpoch, BPS + stepBps, BPS)
      : mulDiv(policy.perEpoch, BPS, BPS + stepBps)
  return {
    policy: { perEpoch: ((moved + unit / 2n) / unit) * unit, direction, capBps },
    stepBps: BigInt(direction) * stepBps,
    reason: wantedBps > capBps ? 'capped' : 'moved',
  }
}
