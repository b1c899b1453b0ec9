import { ONE } from './parameters.ts'

/** What was good and what was bad, in millionths, older things weighing less. Bounded by 1 / (1 − keep). */
export interface Beta {
  readonly good: bigint
  readonly bad: bigint
}

export const NOTHING_KNOWN: Beta = { good: 0n, bad: 0n }

/** What is known after one more thing of this weight; a full weight keeps `keep` of what was before, a lesser one more of it. */
export const addOutcome = (
  { good, bad }: Beta,
  { isGood, weight, keep }: { readonly isGood: boolean; readonly weight: bigint; readonly keep: bigint },
): Beta => {
  const kept = ONE * ONE - (ONE - keep) * weight
  const fade = (value: bigint) => (value * kept) / (ONE * ONE)
  return {
    good: fade(good) + (isGood ? weight : 0n),
    bad: fade(bad) + (isGood ? 0n : weight),
  }
}

/** So many days later. Day by day, so that it is the same whenever somebody looked in between. */
export const fadeDays = (beta: Beta, days: number, keepADay: bigint): Beta => {
  let { good, bad } = beta
  for (let day = 0; day < days && good + bad > 0n; day++) {
    const faded = { good: (good * keepADay) / ONE, bad: (bad * keepADay) / ONE }
    if (faded.good === good && faded.bad === bad) break
    good = faded.good
    bad = faded.bad
  }
  return { good, bad }
}
