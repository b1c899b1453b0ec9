import { burnForCredits, creditsForBurn } from '../credits/credits.ts'
import { type Inequality, inequality } from './inequality.ts'
import type { SafetyAssumptions, SafetyParameters } from './safety-parameters.ts'
import { answerGas, gasCost } from './worst-gas.ts'

/**
 * A challenge of a true root costs the answerers nothing, for half of the lost bond is theirs, and the griefer loses the other half besides:
 *
 *     p · ⌊challenge bond / 2⌋  ≥  gas of answering the longest game
 */
export function griefing({ challengeBond }: SafetyParameters, assumptions: SafetyAssumptions): Inequality {
  const { tokenPrice } = assumptions
  const right = gasCost(answerGas, assumptions)
  return inequality({
    name: 'griefing',
    left: creditsForBurn(challengeBond / 2n, tokenPrice),
    right,
    unit: 'credits',
    meaning: 'half of a lost challenge bond ≥ gas of answering the longest game',
    remedy: { parameter: 'challengeBond', bound: 'least', value: 2n * burnForCredits(right, tokenPrice) },
  })
}
