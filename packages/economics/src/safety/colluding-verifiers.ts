import { mulDivUp } from '../arithmetic/mul-div.ts'
import { deterrent, promisable } from './exposure.ts'
import { type Inequality, inequality } from './inequality.ts'
import type { SafetyAssumptions, SafetyParameters } from './safety-parameters.ts'

/** The least stake that makes a quorum, `⌈2 · total / 3⌉`: so much at least is slashed for a false root. In tokens. */
export const quorumStake = (total: bigint): bigint => mulDivUp(total, 2n, 3n)

/**
 * Colluding verifiers lose more than a false root can give them:
 *
 *     ⌊2 · ⌈2 · bonds / 3⌉ / 3⌋  ≥  ⌈promisable · (B − d) / d⌉
 *
 * On the left the stake of the smallest quorum, of which two thirds are burned: the third of the winner comes back to colluders who challenge
 * themselves. After streamr-dev/network-contracts, StreamrConfig.sol, whose least stake covers what a slash has to pay for.
 */
export function colludingVerifiers(
  parameters: SafetyParameters,
  { outageSeconds, detectionBps }: SafetyAssumptions,
): Inequality {
  const right = deterrent(promisable(parameters, outageSeconds), detectionBps)
  const total = mulDivUp(right, 9n, 4n)
  return inequality({
    name: 'collusion',
    left: (2n * quorumStake(parameters.verifierBonds)) / 3n,
    right,
    unit: 'tokens',
    meaning: 'burned of a lying quorum ≥ what roots that are not yet final can promise',
    remedy: { parameter: 'verifierBond', bound: 'least', value: bondOfEach(total, parameters.verifiers) },
  })
}

/** The bond of each of `count` verifiers that have `total` together, rounded up. */
export const bondOfEach = (total: bigint, count: number): bigint =>
  mulDivUp(total, 1n, BigInt(Math.max(1, count)))
