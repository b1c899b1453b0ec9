import { attestEnd, epochStart } from '@cairn/chain'
import type { NetworkSession } from '@cairn/recompute'
import { getBlock } from 'viem/actions'

/** What {@link chainStoodStill} looks at. */
export type SleepySession = Pick<NetworkSession, 'block'> & {
  readonly reader: Pick<NetworkSession['reader'], 'client'>
  readonly deployment: Pick<NetworkSession['deployment'], 'block'>
  readonly history: Pick<NetworkSession['history'], 'timeline'>
}

/**
 * Whether the chain made no block for half of a sealing or longer, at any time from the beginning of an epoch until nothing can be committed for it any more: then
 * an ingest that committed nothing may have had no chain to commit to, or was on its way back with it, and is none to blame. The contract
 * would slash it all the same; a local chain that stopped or slept with its laptop would cost everybody's bond. No chain that many share
 * stands still for minutes.
 */
export async function chainStoodStill(
  { reader, deployment, history, block }: SleepySession,
  epoch: number,
): Promise<boolean> {
  const { timeline } = history
  const longest = timeline.sealSeconds / 2
  const timeOf = async (number: number) =>
    Number((await getBlock(reader.client, { blockNumber: BigInt(number) })).timestamp)
  /** The first block at or after a time, or the newest. */
  const firstAt = async (time: number) => {
    let low = deployment.block
    let high = block
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((await timeOf(middle)) < time) low = middle + 1
      else high = middle
    }
    return low
  }
  const hasGap = async (from: number, to: number): Promise<boolean> => {
    if ((await timeOf(to)) - (await timeOf(from)) < longest) return false
    if (to - from <= 1) return to > from
    const middle = (from + to) >>> 1
    return (await hasGap(from, middle)) || (await hasGap(middle, to))
  }
  const first = await firstAt(epochStart(timeline, epoch))
  return hasGap(Math.max(deployment.block, first - 1), await firstAt(attestEnd(timeline, epoch)))
}
