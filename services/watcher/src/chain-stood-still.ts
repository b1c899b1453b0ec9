import { sealEnd } from '@cairn/chain'
import type { NetworkSession } from '@cairn/recompute'
import { getBlock } from 'viem/actions'

/** What {@link chainStoodStill} looks at. */
export type SleepySession = Pick<NetworkSession, 'block'> & {
  readonly reader: Pick<NetworkSession['reader'], 'client'>
  readonly deployment: Pick<NetworkSession['deployment'], 'block'>
  readonly history: Pick<NetworkSession['history'], 'timeline'>
}

/**
 * Whether the chain made no block in the last quarter of an epoch's sealing: then nobody could commit, and an ingest that did not is none to
 * blame. The contract would slash it all the same; a local chain that slept with its laptop would cost everybody's bond.
 */
export async function chainStoodStill(
  { reader, deployment, history, block }: SleepySession,
  epoch: number,
): Promise<boolean> {
  const { timeline } = history
  const end = sealEnd(timeline, epoch)
  const from = end - timeline.sealSeconds / 4
  const timeOf = async (number: number) =>
    Number((await getBlock(reader.client, { blockNumber: BigInt(number) })).timestamp)
  // The first block at or after `from`.
  let low = deployment.block
  let high = block
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((await timeOf(middle)) < from) low = middle + 1
    else high = middle
  }
  return (await timeOf(low)) >= end
}
