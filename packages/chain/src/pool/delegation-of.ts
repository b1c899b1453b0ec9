import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'

/** What a holder has in a pool. */
export interface Delegation {
  readonly shares: bigint
  /** What they are worth. */
  readonly assets: bigint
  /** Batches in which it leaves: what it gets is known once a batch is paid. */
  readonly exits: readonly {
    readonly batch: number
    readonly shares: bigint
    readonly paid: boolean
    readonly assets: bigint
  }[]
}

/** @param throughBatch the newest batch there is: the queue's */
export async function readDelegationOf(
  { client }: { readonly client: Client },
  {
    pool,
    holder,
    throughBatch,
  }: { readonly pool: Address; readonly holder: Address; readonly throughBatch: number },
): Promise<Delegation> {
  const contract = { address: pool, abi: delegationPoolAbi } as const
  const exitFrom = async (batch: number) => {
    const [queued, leavers] = await Promise.all([
      readContract(client, { ...contract, functionName: 'queuedOf', args: [batch, holder] }),
      readContract(client, { ...contract, functionName: 'batchOf', args: [batch] }),
    ])
    const assets = queued === 0n ? 0n : (leavers.assets * queued) / leavers.shares
    return { batch, shares: queued, paid: leavers.paid, assets }
  }
  const [shares, assets, exits] = await Promise.all([
    readContract(client, { ...contract, functionName: 'sharesOf', args: [holder] }),
    readContract(client, { ...contract, functionName: 'assetsOf', args: [holder] }),
    Promise.all(Array.from({ length: throughBatch + 1 }, (_, batch) => exitFrom(batch))),
  ])
  return { shares, assets, exits: exits.filter((exit) => exit.shares > 0n) }
}
