import type { Ruleset } from './ruleset.ts'

/** A number for each of the four places that the chain has for programs. */
export type PerProgram = readonly [number, number, number, number]

/** What the chain is told of a ruleset's programs (`Programs` of IBudgets.sol): the rest of the document is known to it by its hash. */
export interface AdoptedPrograms {
  /** Weights on straight lines between one to eight points, the first at 0. */
  readonly weights: readonly { readonly afterEpochs: number; readonly weightsBps: PerProgram }[]
  /** 0: not bounded. */
  readonly returnBps: PerProgram
}

/** The programs of a ruleset as the chain takes them; places without a program are zero. */
export const derivePrograms = ({ programs, shifts = [] }: Ruleset): AdoptedPrograms => ({
  weights: [
    { afterEpochs: 0, weightsBps: places(programs.map(({ weightBps }) => weightBps)) },
    ...shifts.map(({ afterEpochs, weightsBps }) => ({ afterEpochs, weightsBps: places(weightsBps) })),
  ],
  returnBps: places(programs.map(({ returnBps = 0 }) => returnBps)),
})

/** Whether the chain has the programs that the document says. */
export const isSamePrograms = (a: AdoptedPrograms, b: AdoptedPrograms): boolean =>
  a.weights.length === b.weights.length &&
  isSame(a.returnBps, b.returnBps) &&
  a.weights.every(({ afterEpochs, weightsBps }, i) => {
    const other = b.weights[i]!
    return afterEpochs === other.afterEpochs && isSame(weightsBps, other.weightsBps)
  })

const places = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): PerProgram => [a, b, c, d]

const isSame = (a: PerProgram, b: PerProgram): boolean => a.every((value, p) => value === b[p])
