/** The middle value; of an even number of values the mean of the two in the middle. Needs at least one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}

/** Samples of two sides that took turns, so that what else the machine does falls on both. */
export interface Alternated {
  readonly ours: readonly number[]
  readonly peer: readonly number[]
}

/** Runs both sides `rounds` times, in turns. */
export async function alternate(
  rounds: number,
  ours: () => Promise<number>,
  peer: () => Promise<number>,
): Promise<Alternated> {
  const samples = { ours: [] as number[], peer: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    samples.peer.push(await peer())
    samples.ours.push(await ours())
  }
  return samples
}

/** The median of the rounds' own ratios: a disturbance that lasts a round cancels out of it. */
export function ratioOf({ ours, peer }: Alternated): number {
  return median(ours.map((value, round) => value / peer[round]!))
}
