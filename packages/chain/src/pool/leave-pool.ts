import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { delegationPoolAbi } from '../generated/delegation-pool.ts'

/** Puts shares into a pool's next batch. They earn and bear until it starts. */
export function requestPoolExit({ pool, shares }: { readonly pool: Address; readonly shares: bigint }): Call {
  return encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'requestExit',
    args: [shares],
  })
}

/** Starts the queued batch, from anybody: one at a time, and no sooner than four exit delays after the one before. */
export function startPoolExit({ pool }: { readonly pool: Address }): Call {
  return encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'startExit',
    args: [],
  })
}

/** Ends the batch that leaves, from anybody, when its delay is over and nothing the pool attested is open. */
export function completePoolExit({ pool }: { readonly pool: Address }): Call {
  return encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'completeExit',
    args: [],
  })
}

/** What {@link withdrawDelegation} needs. */
export interface WithdrawDelegationArgs {
  readonly pool: Address
  readonly batch: number
  /** Who is paid. */
  readonly holder: Address
}

/** Pays a holder its part of a batch that is out, from anybody. */
export function withdrawDelegation({ pool, batch, holder }: WithdrawDelegationArgs): Call {
  return encodeCall({
    contract: 'DelegationPool',
    to: pool,
    abi: delegationPoolAbi,
    functionName: 'withdraw',
    args: [batch, holder],
  })
}
