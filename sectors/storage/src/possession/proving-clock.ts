import { PossessionError } from './possession-error.ts'

/** When a network's data sets of equal terms are proven: `ProvingClock` of the contracts. All times are Unix seconds. */
export interface ProvingClock {
  /** Of the network's timeline, as is the next. */
  readonly genesis: number
  readonly epochSeconds: number
  /** Epochs in a period: `windowEpochs` + 2 or more, up to 65 535. */
  readonly periodEpochs: number
  /** The last epochs of a period, in which it is proven. */
  readonly windowEpochs: number
}

/** The stretches of a proving period, each from one time to the next: open, frozen, and the window with its two halves. */
export interface ProvingPeriod {
  readonly period: number
  /** From here on pieces go that were to. */
  readonly opensAt: number
  /** From here on the set is challenged as it stands. */
  readonly frozenFrom: number
  /** The challenges are known soon after, and proofs are taken. */
  readonly windowStart: number
  /** Who captures the beacon before makes whoever does not prove be at fault. */
  readonly onTimeUntil: number
  /** The proof's deadline, and the next period's begin. */
  readonly endsAt: number
  /** The epoch whose beacon draws the challenges. */
  readonly beaconEpoch: number
}

/** The period that `time` falls in; 0 before genesis. */
export const periodAt = (clock: ProvingClock, time: number): number => {
  const { genesis, epochSeconds, periodEpochs } = requireTerms(clock)
  return time < genesis ? 0 : Math.floor((time - genesis) / (epochSeconds * periodEpochs))
}

/** The times of a period. @throws PossessionError `bad_terms` */
export const deriveProvingPeriod = (clock: ProvingClock, period: number): ProvingPeriod => {
  const { genesis, epochSeconds, periodEpochs, windowEpochs } = requireTerms(clock)
  const beaconEpoch = (period + 1) * periodEpochs - windowEpochs
  const windowStart = genesis + beaconEpoch * epochSeconds
  return {
    period,
    opensAt: genesis + period * periodEpochs * epochSeconds,
    frozenFrom: windowStart - epochSeconds,
    windowStart,
    onTimeUntil: windowStart + Math.floor((windowEpochs * epochSeconds) / 2),
    endsAt: genesis + (period + 1) * periodEpochs * epochSeconds,
    beaconEpoch,
  }
}

const requireTerms = (clock: ProvingClock): ProvingClock => {
  const { periodEpochs, windowEpochs, epochSeconds } = clock
  if (windowEpochs >= 1 && periodEpochs >= windowEpochs + 2 && periodEpochs <= 0xffff && epochSeconds >= 1) {
    return clock
  }
  throw new PossessionError({
    code: 'bad_terms',
    message: `A period of ${periodEpochs} epochs of ${epochSeconds} s with a window of ${windowEpochs} is none: before the window there are an epoch in which pieces may go and one in which nothing changes.`,
    fix: 'Take a window of an epoch or more, and a period of two epochs more than it, up to 65 535.',
    field: 'periodEpochs',
    value: String(periodEpochs),
  })
}
