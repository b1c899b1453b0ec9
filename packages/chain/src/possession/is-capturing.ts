import type { Timeline } from '../timeline.ts'
import type { ProvingTerms } from './create-data-set.ts'

/** Whether a period's beacon may be taken at a time (Unix seconds): in the first half of its window (spec 10, Periods). */
export function isCapturing(
  { genesis, epochSeconds }: Pick<Timeline, 'genesis' | 'epochSeconds'>,
  { periodEpochs, windowEpochs, period }: Omit<ProvingTerms, 'challenges'> & { readonly period: number },
  now: bigint,
): boolean {
  const beaconEpoch = BigInt((period + 1) * periodEpochs - windowEpochs)
  const windowStart = genesis + beaconEpoch * BigInt(epochSeconds)
  return now >= windowStart && now < windowStart + BigInt(windowEpochs * epochSeconds) / 2n
}
