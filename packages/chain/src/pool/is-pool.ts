import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import type { ChainReader } from '../chain-reader.ts'
import { delegationPoolsAbi } from '../generated/delegation-pools.ts'

/** Whether the deployment made the pool, so that it is what it seems. */
export async function readIsPool(
  { client, deployment }: ChainReader,
  { pool }: { readonly pool: Address },
): Promise<boolean> {
  return readContract(client, {
    address: deployment.addresses.delegationPools,
    abi: delegationPoolsAbi,
    functionName: 'isPool',
    args: [pool],
  })
}
