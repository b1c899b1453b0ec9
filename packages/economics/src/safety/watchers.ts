import { mulDivUp } from '../arithmetic/mul-div.ts'
import { burnForCredits, creditsForBurn } from '../credits/credits.ts'
import { bondOfEach, quorumStake } from './colluding-verifiers.ts'
import { type Inequality, inequality, type Remedy } from './inequality.ts'
import type { SafetyAssumptions, SafetyParameters } from './safety-parameters.ts'
import { challengeGas, checkingCost, gasCost } from './worst-gas.ts'

/**
 * Who proves a root false gets more than it risks and spends, at the price p of a token:
 *
 *     p · ⌊quorum's stake / 3⌋  ≥  p · challenge bond + gas of the longest game
 */
export function watchingPays(parameters: SafetyParameters, assumptions: SafetyAssumptions): Inequality {
  const { tokenPrice } = assumptions
  const right = creditsForBurn(parameters.challengeBond, tokenPrice) + gasCost(challengeGas, assumptions) + 1n
  return inequality({
    name: 'watching pays',
    left: winnersShare(parameters, assumptions),
    right,
    unit: 'credits',
    meaning: "winner's third of a lying quorum ≥ challenge bond at risk and gas of the longest game",
    remedy: shareRemedy(parameters, assumptions, right),
  })
}

/**
 * Watching pays for itself though false roots are rare: a checker who wins R and pays C for each check checks only where more than C / R of all
 * roots are false, and so many may be (the verifier's dilemma; Luu, Teutsch, Kulkarni and Saxena, CCS 2015). With one false root in T:
 *
 *     p · ⌊quorum's stake / 3⌋  ≥  ⌈C · T / epoch⌉
 */
export function lazyWatcher(parameters: SafetyParameters, assumptions: SafetyAssumptions): Inequality {
  const right = checkingCost(assumptions, parameters.timeline.epochSeconds)
  return inequality({
    name: 'lazy watcher',
    left: winnersShare(parameters, assumptions),
    right,
    unit: 'credits',
    meaning:
      "winner's third of a lying quorum ≥ recomputing every epoch until one false root is to be expected",
    remedy: shareRemedy(parameters, assumptions, right),
  })
}

/**
 * A verifier that copies instead of recomputing saves C an epoch and loses its bond with the first false root it copies:
 *
 *     p · bond  ≥  ⌈C · T / epoch⌉
 */
export function lazyVerifier(parameters: SafetyParameters, assumptions: SafetyAssumptions): Inequality {
  const { verifierBonds, verifiers, timeline } = parameters
  const right = checkingCost(assumptions, timeline.epochSeconds)
  return inequality({
    name: 'lazy verifier',
    left: creditsForBurn(verifierBonds / BigInt(Math.max(1, verifiers)), assumptions.tokenPrice),
    right,
    unit: 'credits',
    meaning: 'a verifier’s bond ≥ what not recomputing saves until one false root is to be expected',
    remedy: {
      parameter: 'verifierBond',
      bound: 'least',
      value: burnForCredits(right, assumptions.tokenPrice),
    },
  })
}

function winnersShare({ verifierBonds }: SafetyParameters, { tokenPrice }: SafetyAssumptions): bigint {
  return creditsForBurn(quorumStake(verifierBonds) / 3n, tokenPrice)
}

function shareRemedy(
  { verifiers }: SafetyParameters,
  { tokenPrice }: SafetyAssumptions,
  credits: bigint,
): Remedy {
  const total = mulDivUp(burnForCredits(credits, tokenPrice), 9n, 2n)
  return { parameter: 'verifierBond', bound: 'least', value: bondOfEach(total, verifiers) }
}
