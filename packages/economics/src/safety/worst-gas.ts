import { mulDivUp } from '../arithmetic/mul-div.ts'
import { creditsForBurn } from '../credits/credits.ts'
import type { SafetyAssumptions } from './safety-parameters.ts'

/** Levels of a tree over ten million devices. */
export const WORST_DEPTH = 24n

/** Gas of whole transactions at ten million devices, rounded up from contracts/snapshots/challenges.json; a test holds them together. */
export const moveGas = {
  commit: 60_000n,
  openHidden: 400_000n,
  pick: 42_000n,
  showChildren: 85_000n,
  showLeaf: 155_000n,
  timeout: 130_000n,
} as const

/** What answering one game costs at worst: children shown on every level, then the leaf. In gas. */
export const answerGas: bigint = WORST_DEPTH * moveGas.showChildren + moveGas.showLeaf

/** What winning one game costs at worst: announced, opened, a side picked on every level, ended. In gas. */
export const challengeGas: bigint =
  moveGas.commit + moveGas.openHidden + WORST_DEPTH * moveGas.pick + moveGas.timeout

/** What gas costs, in credits, rounded up. */
export function gasCost(gas: bigint, { gasPriceWei, coinPrice }: SafetyAssumptions): bigint {
  const wei = gas * gasPriceWei
  const credits = creditsForBurn(wei, coinPrice)
  return wei === 0n || coinPrice.value === 0n ? credits : credits + 1n
}

/** `⌈seconds of a cheat's interval / seconds of an epoch⌉` recomputations, in credits. */
export function checkingCost(
  { checkCostCredits, cheatEverySeconds }: SafetyAssumptions,
  epochSeconds: number,
): bigint {
  return mulDivUp(checkCostCredits, BigInt(cheatEverySeconds), BigInt(epochSeconds))
}
