import type { RailTerms } from '@cairn/chain'
import { exactDollars } from '../../../output/amounts.ts'

/** Rail terms, for people. */
export function describeTerms({ heldUntil, heldBps, ...terms }: RailTerms): string {
  const steps = heldUntil
    .map((until, index) => ({ until, percent: heldBps[index]! / 100 }))
    .filter(({ percent }) => percent > 0)
    .map(({ until, percent }) => `${percent} % before ${until} proven periods`)
  return [
    `A rail is lost after ${terms.lostAfter} periods missed in a row, and ends with a notice of ${terms.noticePeriods}.`,
    `A repair is paid ${exactDollars(terms.repairPrice)} for a TiB, and has ${terms.repairPeriods} periods to be proven.`,
    `Held back of the pay: ${steps.length === 0 ? 'nothing' : steps.join(', ')}. Spent on program ${terms.program}.`,
  ].join('\n')
}
