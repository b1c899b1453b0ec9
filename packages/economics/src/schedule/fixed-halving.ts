import { requireRange, requireWhole } from '../economics-error.ts'
import { requireTotal, type Schedule } from './schedule.ts'

export interface FixedHalving {
  /** Emitted in each of the first `halvingEpochs` epochs: 1 to 2^128 − 1. */
  readonly perEpoch: bigint
  /** Epochs between halvings: 1 to 2^32 − 1. */
  readonly halvingEpochs: number
  /** 0 to 127. After the last halving one more stretch is emitted, then nothing. */
  readonly maxHalvings: number
}

/**
 * The same amount every epoch, halved (rounding down) each `halvingEpochs` epochs: `contracts/src/FixedEmission.sol`, number for number.
 *
 * `total = halvingEpochs · Σ_{h = 0 … maxHalvings} ⌊perEpoch / 2^h⌋`
 *
 * @throws EconomicsError where the contract's constructor reverts
 */
export function fixedHalving({ perEpoch, halvingEpochs, maxHalvings }: FixedHalving): Schedule {
  requireRange('perEpoch', perEpoch, 1n, (1n << 128n) - 1n)
  requireWhole('halvingEpochs', halvingEpochs, 1, 0xffff_ffff)
  requireWhole('maxHalvings', maxHalvings, 0, 127)
  const before = [0n]
  for (let halvings = 0; halvings <= maxHalvings; halvings++) {
    before.push(before[halvings]! + (perEpoch >> BigInt(halvings)) * BigInt(halvingEpochs))
  }
  const total = requireTotal(before.at(-1)!)
  return {
    total,
    cumulative: (epoch) => {
      const periods = Math.floor(epoch / halvingEpochs)
      if (periods > maxHalvings) return total
      return before[periods]! + (perEpoch >> BigInt(periods)) * BigInt(epoch % halvingEpochs)
    },
  }
}
