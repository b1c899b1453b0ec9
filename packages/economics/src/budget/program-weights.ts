import { mulDiv } from '../arithmetic/mul-div.ts'
import { BPS } from '../arithmetic/units.ts'
import { inconsistent, requireWhole } from '../economics-error.ts'

/** The weights of one to four reward programs at one epoch, in basis points that sum to 10 000. */
export interface WeightPoint {
  readonly epoch: number
  readonly weightsBps: readonly number[]
}

/** Steps that a line between two points moves in at most: so a range of epochs has a bounded number of products, however long it is. */
const STEPS = 64

/**
 * The weights in `epoch` on the straight lines between `points`: before the first and after the last point they stand still. A line of T epochs moves every
 * ⌈T / 64⌉ epochs. All programs round down, and the last with weight at either end has the rest, so weights always sum to 10 000. As contracts/src/libraries/WeightLines.sol.
 *
 * A coverage program that sunsets is two points: `{ epoch: a, weightsBps: [9000, 1000] }, { epoch: b, weightsBps: [0, 10000] }`.
 *
 * @throws EconomicsError for points out of order, of unlike length, or whose weights do not sum to 10 000
 */
export function weightsAt(points: readonly WeightPoint[], epoch: number): number[] {
  requirePoints(points)
  const after = points.findIndex((point) => point.epoch > epoch)
  if (after === 0) return [...points[0]!.weightsBps]
  if (after === -1) return [...points.at(-1)!.weightsBps]
  const from = points[after - 1]!
  const to = points[after]!
  const length = to.epoch - from.epoch
  const passed = epoch - from.epoch
  const place = passed - (passed % Math.ceil(length / STEPS))
  const weights = from.weightsBps.map((start, program) => {
    const sum = BigInt(start) * BigInt(length - place) + BigInt(to.weightsBps[program]!) * BigInt(place)
    return Number(sum / BigInt(length))
  })
  const last = from.weightsBps.findLastIndex((start, program) => start + to.weightsBps[program]! > 0)
  const rest = Number(BPS) - weights.reduce((sum, weight) => sum + weight, 0)
  return weights.with(last, weights[last]! + rest)
}

/** Each program's part of `budget`, rounded down as in spec 4; what rounding leaves stays where it is. */
export const splitBudget = (budget: bigint, weightsBps: readonly number[]): bigint[] =>
  weightsBps.map((weight) => mulDiv(budget, BigInt(weight), BPS))

function requirePoints(points: readonly WeightPoint[]): void {
  const programs = points[0]?.weightsBps.length ?? 0
  requireWhole('points', points.length, 1, 8)
  requireWhole('programs', programs, 1, 4)
  points.forEach(({ epoch, weightsBps }, index) => {
    requireWhole(`points.${index}.epoch`, epoch, 0, 0xffff_ffff)
    for (const weight of weightsBps) requireWhole(`points.${index}.weightsBps`, weight, 0, 10_000)
    const sum = weightsBps.reduce((total, weight) => total + weight, 0)
    if (weightsBps.length !== programs || sum !== 10_000) {
      throw inconsistent(
        `points.${index}`,
        `The weights of point ${index} are ${weightsBps.length} and sum to ${sum}; expected ${programs} that sum to 10 000 basis points.`,
        'Correct the weights.',
      )
    }
    if (index > 0 && epoch <= points[index - 1]!.epoch) {
      throw inconsistent(
        `points.${index}.epoch`,
        `Point ${index} is at epoch ${epoch}, not after the point before it.`,
        'Put the points in order of epochs.',
      )
    }
  })
}
