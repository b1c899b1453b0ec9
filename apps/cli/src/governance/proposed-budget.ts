import { readBurnedIn, readCumulativeEmission } from '@cairn/chain'
import { splitBudget, weightsAt } from '@cairn/economics'
import { type AdoptedPrograms, derivePrograms, parseRuleset, type Work4 } from '@cairn/protocol'
import type { OpenNetwork } from '../open-network.ts'

const WHOLE_BPS = 10_000n

/** What a network's emission and customers were, whatever the rules. Amounts in the token's smallest unit. */
export interface BudgetFacts {
  /** Emission before the epoch, less the verifiers' share: spec 4's C. */
  emittedBefore(epoch: number): Promise<bigint>
  /** Burned for the program in first..last. */
  burnedIn(program: number, first: number, last: number): Promise<bigint>
}

/** The facts as the chain has them. */
export function chainFacts(open: Pick<OpenNetwork, 'client' | 'deployment' | 'followed'>): BudgetFacts {
  const { network, creation } = open.followed.history
  const { emission, verifierShareBps } = creation!.config
  return {
    async emittedBefore(epoch) {
      const emitted = await readCumulativeEmission(open, { emission, epoch })
      return emitted - (emitted * BigInt(verifierShareBps)) / WHOLE_BPS
    },
    burnedIn: (program, first, last) => readBurnedIn(open, { network, program, first, last }),
  }
}

/**
 * The budgets of a ruleset that is taken to have come into force with `fromEpoch` (spec 4): the schedule and the burns are the network's own, only the division is
 * proposed. For rulesets that were adopted the chain says them; this is for one that was not.
 *
 * @returns for a range of epochs from `fromEpoch` on, what each program gets before rollover
 */
export function proposedBudget(
  facts: BudgetFacts,
  document: Uint8Array,
  fromEpoch: number,
): (first: number, last: number) => Promise<Work4> {
  const programs = derivePrograms(parseRuleset(document))
  return async (first, last) => {
    const parts = [0n, 0n, 0n, 0n]
    for (const run of runsOf(programs, fromEpoch, first, last)) {
      const emitted = (await facts.emittedBefore(run.last + 1)) - (await facts.emittedBefore(run.first))
      splitBudget(emitted, run.weightsBps).forEach((part, program) => {
        parts[program]! += part
      })
    }
    const bounded = async (program: 0 | 1 | 2 | 3) => {
      const returnBps = BigInt(programs.returnBps[program])
      const part = parts[program]!
      if (returnBps === 0n || part === 0n) return part
      const most = ((await facts.burnedIn(program, first, last)) * returnBps) / WHOLE_BPS
      return part < most ? part : most
    }
    return [await bounded(0), await bounded(1), await bounded(2), await bounded(3)]
  }
}

interface Run {
  readonly first: number
  readonly last: number
  readonly weightsBps: readonly number[]
}

/** Stretches of the range in which the weights stand still. */
function runsOf(
  { weights }: AdoptedPrograms,
  fromEpoch: number,
  first: number,
  last: number,
): readonly Run[] {
  const points = weights.map(({ afterEpochs, weightsBps }) => ({
    epoch: fromEpoch + afterEpochs,
    weightsBps,
  }))
  const runs: Run[] = []
  for (let epoch = first; epoch <= last; epoch += 1) {
    const weightsBps = weightsAt(points, epoch)
    const current = runs.at(-1)
    const isSame = current?.weightsBps.every((weight, program) => weight === weightsBps[program]) === true
    if (current !== undefined && isSame) runs[runs.length - 1] = { ...current, last: epoch }
    else runs.push({ first: epoch, last: epoch, weightsBps })
  }
  return runs
}
