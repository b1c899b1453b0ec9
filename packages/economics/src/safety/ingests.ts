import { mulDivUp } from '../arithmetic/mul-div.ts'
import { BPS } from '../arithmetic/units.ts'
import { deterrent, epochsIn } from './exposure.ts'
import { type Inequality, inequality } from './inequality.ts'
import type { SafetyAssumptions, SafetyParameters } from './safety-parameters.ts'

/** Part of the least bond that a late commitment costs: `Evidence.LATE_SHARE`. */
const LATE_SHARE = 10n

/**
 * An ingest that drops reports it gave receipts for loses more than it can shift to others: all that is emitted until the first omission can be
 * proven, which is when attesting of its epoch ends (spec 6, kind 7). Two thirds of its bond are burned:
 *
 *     ⌊2 · bond / 3⌋  ≥  ⌈emission · k · (B − d) / d⌉,   k = ⌈(seal + availability + attest) / epoch⌉ + 1
 */
export function withholding(
  { timeline, emissionPerEpoch, smallestIngestBond }: SafetyParameters,
  { detectionBps }: SafetyAssumptions,
): Inequality {
  const { sealSeconds, availabilitySeconds, attestSeconds } = timeline
  const epochs = epochsIn(sealSeconds + availabilitySeconds + attestSeconds, timeline) + 1n
  const right = deterrent(emissionPerEpoch * epochs, detectionBps)
  return inequality({
    name: 'withholding',
    left: (2n * smallestIngestBond) / 3n,
    right,
    unit: 'tokens',
    meaning: 'burned of an ingest’s bond ≥ what is emitted until a dropped report can be proven',
    remedy: { parameter: 'ingestBond', bound: 'least', value: mulDivUp(right, 3n, 2n) },
  })
}

/**
 * Committing late, after reading what others sealed, costs more than it can move: the programs' part of one epoch's emission.
 *
 *     ⌊least bond / 10⌋  ≥  ⌈emission · (B − verifiers' share) / B⌉
 */
export function lateness({ emissionPerEpoch, verifierShareBps, ingestBond }: SafetyParameters): Inequality {
  const right = mulDivUp(emissionPerEpoch, BPS - BigInt(verifierShareBps), BPS)
  return inequality({
    name: 'lateness',
    left: ingestBond / LATE_SHARE,
    right,
    unit: 'tokens',
    meaning: 'penalty of a late commitment ≥ what programs pay in the epoch it could react to',
    remedy: { parameter: 'ingestBond', bound: 'least', value: LATE_SHARE * right },
  })
}
