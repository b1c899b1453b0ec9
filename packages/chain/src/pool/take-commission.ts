import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'

/** Pays a pool's operator its commission, from anybody. */
export function takeCommission({ pool }: { readonly pool: Address }): Call {
  return encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'takeCommission',
    args: [],
  })
}
