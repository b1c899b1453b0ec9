import { inconsistent, requireRange, requireWhole } from '../economics-error.ts'
import { requireTotal, type Schedule } from './schedule.ts'

/** A rate of decay as a fraction: what is left of an amount after one step. */
export interface DecayRate {
  readonly numerator: bigint
  readonly denominator: bigint
}

export interface ExponentialDecay {
  /** Emitted in each epoch of the first step: 1 to 2^96 − 1. */
  readonly perEpoch: bigint
  /** Below one; both parts fit 64 bits, so that no product in a contract passes 160. */
  readonly rate: DecayRate
  /** Epochs that share an amount: 1 to 2^32 − 1. */
  readonly stepEpochs: number
  /** Steps until nothing more is emitted: 1 to {@link DECAY_STEPS_MAX}. */
  readonly steps: number
}

/** A contract walks the steps when it is asked, so they are bounded: about 200 gas each. */
export const DECAY_STEPS_MAX = 1024

/**
 * Exponential decay in steps: `a_0 = perEpoch`, `a_{k+1} = ⌊a_k · numerator / denominator⌋`, and epochs k·stepEpochs … (k + 1)·stepEpochs − 1 emit `a_k` each.
 *
 * Decay is taken by repeated rounding down rather than by a power, because that never increases, whatever the numbers, and
 * a contract comes to the same amounts. With the rate 1/2 it is {@link fixedHalving}.
 *
 * @throws EconomicsError for parameters out of bounds
 */
export function exponentialDecay({ perEpoch, rate, stepEpochs, steps }: ExponentialDecay): Schedule {
  requireRange('perEpoch', perEpoch, 1n, (1n << 96n) - 1n)
  requireRange('rate.numerator', rate.numerator, 0n, (1n << 64n) - 1n)
  requireRange('rate.denominator', rate.denominator, 1n, (1n << 64n) - 1n)
  requireWhole('stepEpochs', stepEpochs, 1, 0xffff_ffff)
  requireWhole('steps', steps, 1, DECAY_STEPS_MAX)
  if (rate.numerator >= rate.denominator) {
    throw inconsistent(
      'rate',
      `The rate is ${rate.numerator}/${rate.denominator}, which does not decay.`,
      'Choose a numerator below the denominator, or a fixed schedule.',
    )
  }
  const amounts = [...decayAmounts(perEpoch, rate, steps)]
  const before = [0n]
  for (const amount of amounts) before.push(before.at(-1)! + amount * BigInt(stepEpochs))
  const total = requireTotal(before.at(-1)!)
  return {
    total,
    cumulative: (epoch) => {
      const step = Math.floor(epoch / stepEpochs)
      if (step >= steps) return total
      return before[step]! + amounts[step]! * BigInt(epoch % stepEpochs)
    },
  }
}

/** The amounts of `steps` steps, each the last one times `rate`, rounded down. */
export function* decayAmounts(first: bigint, rate: DecayRate, steps: number): Generator<bigint, void> {
  let amount = first
  for (let step = 0; step < steps; step++) {
    yield amount
    amount = (amount * rate.numerator) / rate.denominator
  }
}
