import type { NetworkId } from '@cairn/protocol'
import type { Address, Client } from 'viem'
import { readContract } from 'viem/actions'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'
import type { PoolTerms } from './create-pool.ts'

/** A pool as it stands. Amounts in the token's smallest unit. */
export interface PoolState {
  readonly network: NetworkId
  readonly operator: Address
  readonly terms: PoolTerms
  /** What all shares are worth. */
  readonly totalAssets: bigint
  readonly totalShares: bigint
  /** What the operator has not taken yet. */
  readonly commission: bigint
  /** The batch on its way out, as claimed when it was looked at last; `dueAt` in Unix seconds. */
  readonly leaving: { readonly batch: number; readonly claim: bigint; readonly dueAt: number } | undefined
  /** The batch that shares can join; it can start at `startableAt`, Unix seconds. */
  readonly queue: { readonly batch: number; readonly shares: bigint; readonly startableAt: number }
  readonly isClosed: boolean
}

/** Reads a pool. */
export async function readPool(
  { client }: { readonly client: Client },
  { pool }: { readonly pool: Address },
): Promise<PoolState> {
  const contract = { address: pool, abi: delegationPoolAbi } as const
  const [network, operator, terms, totalAssets, totalShares, commission, leaving, queue, isClosed] =
    await Promise.all([
      readContract(client, { ...contract, functionName: 'network' }),
      readContract(client, { ...contract, functionName: 'operator' }),
      readContract(client, { ...contract, functionName: 'terms' }),
      readContract(client, { ...contract, functionName: 'totalAssets' }),
      readContract(client, { ...contract, functionName: 'totalShares' }),
      readContract(client, { ...contract, functionName: 'commission' }),
      readContract(client, { ...contract, functionName: 'leaving' }),
      readContract(client, { ...contract, functionName: 'queue' }),
      readContract(client, { ...contract, functionName: 'isClosed' }),
    ])
  const { active, batch, claim, dueAt } = leaving
  return {
    network: network as NetworkId,
    operator,
    terms,
    totalAssets,
    totalShares,
    commission,
    leaving: active ? { batch, claim, dueAt: Number(dueAt) } : undefined,
    queue: { batch: queue[0], shares: queue[1], startableAt: Number(queue[2]) },
    isClosed,
  }
}
