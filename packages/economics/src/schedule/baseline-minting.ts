import { expNeg } from '../arithmetic/exp-neg.ts'
import { least } from '../arithmetic/mul-div.ts'
import { Q128 } from '../arithmetic/units.ts'

/**
 * Filecoin's minting: part of a budget decays with time, the other part with the network's growth, measured against a baseline that grows by itself
 * (filecoin-project/builtin-actors, actors/reward/src/{logic,state}.rs). All factors in Q.128, rounded down.
 */
export interface BaselineMinting {
  /** Budget that decays with time, in the token's smallest unit. */
  readonly simpleTotal: bigint
  /** Budget that decays with effective network time. */
  readonly baselineTotal: bigint
  /** λ per epoch, Q.128. */
  readonly lambda: bigint
  /** e^λ − 1, Q.128. */
  readonly expLambdaLessOne: bigint
  /** What the baseline is multiplied with each epoch, Q.128. */
  readonly baselineGrowth: bigint
  /** The baseline in epoch 0, in the unit of power. */
  readonly baselineInitial: bigint
}

/** Where a network's minting stands; sums are in units of power times epochs. */
export interface MintingState {
  /** The last epoch that was counted; −1 before the first. */
  readonly epoch: number
  readonly baseline: bigint
  readonly realisedSum: bigint
  readonly baselineSum: bigint
  /** θ, rounded up: the epoch at which the baseline's sum reaches the realised one. */
  readonly effectiveTime: number
  readonly effectiveBaseline: bigint
}

/** Filecoin's main network: 330 M and 770 M FIL, a half-life of six years, a baseline that doubles each year, epochs of 30 seconds. */
export const FILECOIN_MINTING: BaselineMinting = {
  simpleTotal: 330_000_000n * 10n ** 18n,
  baselineTotal: 770_000_000n * 10n ** 18n,
  lambda: 37396271439864487274534522888786n,
  expLambdaLessOne: 37396273494747879394193016954629n,
  baselineGrowth: 340282591298641078465964189926313473653n,
  baselineInitial: 2_888_888_880_000_000_000n,
}

/** Before the first epoch: the baseline stands one step below its initial value. */
export const openMinting = (minting: BaselineMinting): MintingState => ({
  epoch: -1,
  baseline: (minting.baselineInitial << 128n) / minting.baselineGrowth,
  realisedSum: 0n,
  baselineSum: 0n,
  effectiveTime: 0,
  effectiveBaseline: minting.baselineInitial,
})

/** Counts the next epoch, in which the network had `power`, and says what it mints. */
export function advanceMinting(
  minting: BaselineMinting,
  state: MintingState,
  power: bigint,
): { readonly state: MintingState; readonly reward: bigint } {
  const next = countPower(minting, state, power)
  return {
    state: next,
    reward: mintingReward(minting, next.epoch, rewardTheta(state), rewardTheta(next)),
  }
}

function countPower(minting: BaselineMinting, state: MintingState, power: bigint): MintingState {
  const baseline = (state.baseline * minting.baselineGrowth) >> 128n
  const realisedSum = state.realisedSum + least(baseline, power)
  let { effectiveTime, effectiveBaseline, baselineSum } = state
  while (realisedSum > baselineSum) {
    effectiveTime += 1
    effectiveBaseline = (effectiveBaseline * minting.baselineGrowth) >> 128n
    baselineSum += effectiveBaseline
  }
  return { epoch: state.epoch + 1, baseline, realisedSum, baselineSum, effectiveTime, effectiveBaseline }
}

/** θ in Q.128, between whole epochs by a straight line. */
export function rewardTheta(
  state: Pick<MintingState, 'effectiveTime' | 'effectiveBaseline' | 'realisedSum' | 'baselineSum'>,
): bigint {
  if (state.effectiveTime === 0) return 0n
  const missing = ((state.baselineSum - state.realisedSum) << 128n) / state.effectiveBaseline
  return (BigInt(state.effectiveTime) << 128n) - missing
}

/**
 * What an epoch mints while θ (Q.128) moves from `theta0` to `theta1`:
 * `⌊simple · (e^λ − 1) · e^−λ·epoch + baseline · (e^−λθ0 − e^−λθ1)⌋`, shifted right once, at the end.
 */
export function mintingReward(
  minting: BaselineMinting,
  epoch: number,
  theta0: bigint,
  theta1: bigint,
): bigint {
  const simple =
    (minting.simpleTotal * minting.expLambdaLessOne * expNeg(minting.lambda * BigInt(epoch))) >> 128n
  return (simple + baselineSupply(minting, theta1) - baselineSupply(minting, theta0)) >> 128n
}

function baselineSupply({ lambda, baselineTotal }: BaselineMinting, theta: bigint): bigint {
  return (Q128 - expNeg((theta * lambda) >> 128n)) * baselineTotal
}
