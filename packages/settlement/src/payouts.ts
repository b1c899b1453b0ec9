import type { Work4 } from '@cairn/protocol'

/** Money of a root's range by program, what it was shared by, and what is left for the next root. */
export interface Pots {
  readonly pots: Work4
  readonly totals: Work4
  readonly rollover: Work4
}

/** pot = budget + rollover of the parent; a program without work rolls its pot over (spec 4). */
export function derivePots(budgets: Work4, rollover: Work4, totals: Work4): Pots {
  const pots = mapPrograms((p) => budgets[p] + rollover[p])
  return { pots, totals, rollover: mapPrograms((p) => (totals[p] === 0n ? pots[p] : 0n)) }
}

/** cumulative = parent's + Σ ⌊pot · work / total⌋ over programs with work (spec 4). What division leaves over stays in the reserve. */
export function derivePayout(parent: bigint, work: Work4, { pots, totals }: Pots): bigint {
  let cumulative = parent
  for (let p = 0; p < 4; p++) {
    if (work[p] !== 0n) cumulative += (pots[p]! * work[p]!) / totals[p]!
  }
  return cumulative
}

function mapPrograms(amount: (program: 0 | 1 | 2 | 3) => bigint): Work4 {
  return [amount(0), amount(1), amount(2), amount(3)]
}
