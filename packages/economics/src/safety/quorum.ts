import { type Inequality, inequality } from './inequality.ts'
import type { SafetyParameters } from './safety-parameters.ts'

/** One verifier of equal bonds may be away, and none is a quorum alone: `n − ⌈2n / 3⌉ ≥ 1`. */
export function quorum({ verifiers }: SafetyParameters): Inequality {
  return inequality({
    name: 'quorum',
    left: BigInt(verifiers - Math.ceil((2 * verifiers) / 3)),
    right: 1n,
    unit: 'verifiers',
    meaning: 'verifiers that may be away with no root missed ≥ one',
    remedy: { parameter: 'verifiers', bound: 'least', value: 3n },
  })
}
