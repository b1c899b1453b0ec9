import { mulDiv, mulDivUp } from '../arithmetic/mul-div.ts'
import { BPS } from '../arithmetic/units.ts'
import { type Inequality, inequality } from './inequality.ts'
import type { OperatorParameters } from './safety-parameters.ts'

/**
 * A dishonest device loses more than it earns until it is found:
 *
 *     ⌊⌊bond · slash / B⌋ · detection / B⌋  ≥  gain an epoch · epochs until detected
 */
export function operators(operator: OperatorParameters): Inequality {
  const slashBps = BigInt(operator.slashBps)
  const detectionBps = BigInt(operator.detectionBps)
  const right = operator.gainPerEpoch * BigInt(operator.epochsUntilDetected)
  const loss = detectionBps === 0n ? 0n : mulDivUp(right, BPS, detectionBps)
  return inequality({
    name: 'operator',
    left: mulDiv(mulDiv(operator.bond, slashBps, BPS), detectionBps, BPS),
    right,
    unit: 'tokens',
    meaning: 'slashed of an operator’s bond, times its likelihood ≥ what a dishonest device earns until then',
    remedy: {
      parameter: 'operatorBond',
      bound: 'least',
      value: slashBps === 0n ? loss : mulDivUp(loss, BPS, slashBps),
    },
  })
}
