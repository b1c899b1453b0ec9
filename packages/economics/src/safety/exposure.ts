import { mulDivUp } from '../arithmetic/mul-div.ts'
import { BPS } from '../arithmetic/units.ts'
import type { SafetyParameters, SafetyTimeline } from './safety-parameters.ts'

/** `⌈seconds / epochSeconds⌉`. */
export const epochsIn = (seconds: number, { epochSeconds }: SafetyTimeline): bigint =>
  BigInt(Math.ceil(seconds / epochSeconds))

/**
 * The epochs that roots which are not yet final can cover at one time: until the first of them is final its attesters stand for every root on top
 * of it with the same bonds, and the first one after an outage covers the outage.
 *
 *     ⌈(seal + availability + attest + challenge + outage) / epoch⌉
 */
export function exposedEpochs(timeline: SafetyTimeline, outageSeconds: number): bigint {
  const { sealSeconds, availabilitySeconds, attestSeconds, challengeSeconds } = timeline
  return epochsIn(
    sealSeconds + availabilitySeconds + attestSeconds + challengeSeconds + outageSeconds,
    timeline,
  )
}

/** What these roots can promise together: no root passes its budget, and a program without work passes its pot on (spec 6). In tokens. */
export function promisable(parameters: SafetyParameters, outageSeconds: number): bigint {
  const { emissionPerEpoch, rollover, timeline } = parameters
  return emissionPerEpoch * exposedEpochs(timeline, outageSeconds) + rollover
}

/**
 * The least loss that makes a gain not worth trying where it is detected with probability d: `loss · d ≥ gain · (1 − d)`, so
 * `⌈gain · (B − d) / d⌉`. At d = 1/2 the gain itself.
 */
export const deterrent = (gain: bigint, detectionBps: number): bigint =>
  mulDivUp(gain, BPS - BigInt(detectionBps), BigInt(detectionBps))
