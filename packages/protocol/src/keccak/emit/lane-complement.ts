import { rhoPiSource } from './permutation-constants.ts'

/**
 * Lanes kept inverted between rounds, which spares most of the inversions that χ needs: 8 of 25 are left. There is
 * no scalar and-not in WebAssembly. The set is that of "Keccak implementation overview" 3.2, §2.2.
 */
export const complemented: ReadonlySet<number> = new Set([1, 2, 8, 12, 17, 20])

/** How χ computes one lane from lanes some of which are inverted. */
export interface ChiPlan {
  readonly invertFirst: boolean
  readonly invertSecond: boolean
  readonly join: 'and' | 'or'
  readonly invertResult: boolean
}

/** The plan of fewest inversions for the lane at column `x` of row `y`. */
export const planChi = (x: number, y: number): ChiPlan => {
  const [i0, i1, i2] = [0, 1, 2].map((step) => invertedAfterRho((x + step) % 5, y)) as [
    boolean,
    boolean,
    boolean,
  ]
  const fits = (plan: ChiPlan) =>
    bits.every((b0) =>
      bits.every((b1) =>
        bits.every((b2) => {
          const first = (b1 !== i1) !== plan.invertFirst
          const second = (b2 !== i2) !== plan.invertSecond
          const joined = plan.join === 'and' ? first && second : first || second
          const result = ((b0 !== i0) !== joined) !== plan.invertResult
          return result === ((b0 !== (!b1 && b2)) !== complemented.has(x + 5 * y))
        }),
      ),
    )
  return plans.find(fits)!
}

/** Whether a lane stands inverted when χ reads it; θ adds two columns to it, each with its own inversions. */
const invertedAfterRho = (x: number, y: number): boolean => {
  const source = rhoPiSource(x, y)
  const column = source % 5
  return complemented.has(source) !== (oddInversions(column + 4) !== oddInversions(column + 1))
}

const oddInversions = (column: number) =>
  [0, 5, 10, 15, 20].filter((row) => complemented.has(row + (column % 5))).length % 2 === 1

const bits = [false, true]
const inversions = (plan: ChiPlan) =>
  Number(plan.invertFirst) + Number(plan.invertSecond) + Number(plan.invertResult)

const plans: readonly ChiPlan[] = (['and', 'or'] as const)
  .flatMap((join) =>
    bits.flatMap((invertFirst) =>
      bits.flatMap((invertSecond) =>
        bits.map((invertResult) => ({ join, invertFirst, invertSecond, invertResult })),
      ),
    ),
  )
  .sort((a, b) => inversions(a) - inversions(b))
