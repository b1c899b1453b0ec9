import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'

/** Has a pool account for its rewards and slashes, and put at stake what is idle, from anybody. */
export function tendPool({ pool }: { readonly pool: Address }): Call {
  return encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'tend',
    args: [],
  })
}
