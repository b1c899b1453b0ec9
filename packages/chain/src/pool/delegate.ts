import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'

/** Puts tokens at stake with a pool. The token's allowance for the pool comes first: `approve`. */
export function delegate({ pool, amount }: { readonly pool: Address; readonly amount: bigint }): Call {
  return encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'deposit',
    args: [amount],
  })
}
