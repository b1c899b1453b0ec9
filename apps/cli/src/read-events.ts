import { type FollowedEvent, followChain } from '@cairn/chain'
import type { Abi, Address } from 'viem'
import type { OpenNetwork } from './open-network.ts'

/** Every event of contracts that is the network's, or names no network, from the deployment to the head, in order. */
export async function readEvents(
  { client, deployment, file }: OpenNetwork,
  {
    addresses,
    abi,
    timed = [],
  }: { readonly addresses: readonly Address[]; readonly abi: Abi; readonly timed?: readonly string[] },
): Promise<readonly FollowedEvent[]> {
  let events: readonly FollowedEvent[] = []
  const journal = followChain({
    client,
    addresses,
    abi,
    timed,
    fromBlock: deployment.block,
    onEvents(more) {
      events = [...events, ...more]
    },
    onRollback(last) {
      events = events.filter(({ blockNumber }) => blockNumber <= last)
    },
  })
  await journal.sync()
  return events.filter(
    ({ args }) => args.network === undefined || String(args.network).toLowerCase() === file.network,
  )
}
