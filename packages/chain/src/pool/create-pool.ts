import type { NetworkId } from '@cairn/protocol'
import { type Address, parseEventLogs, type TransactionReceipt } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import type { Deployment } from '../deployment.ts'
import { delegationPoolsAbi } from '../generated/delegation-pools.ts'

/** What a pool's operator promises: `PoolTerms` of the contracts (spec 6). Basis points. */
export interface PoolTerms {
  /** Of rewards, the operator's part. */
  readonly commissionBps: number
  /** The highest it can ever be. */
  readonly mostCommissionBps: number
  /** Least part of the pool that is the operator's own; at least 3 334. */
  readonly selfBps: number
}

/** Makes a pool whose operator is the sender. {@link createdPool} reads its address from the receipt. */
export function createPool(
  deployment: Deployment,
  { network, terms }: { readonly network: NetworkId; readonly terms: PoolTerms },
): Call {
  return encodeCall({
    contract: 'DelegationPools',
    to: deployment.addresses.delegationPools,
    abi: delegationPoolsAbi,
    functionName: 'create',
    args: [network, terms],
  })
}

/** The pool that a transaction made; undefined where it made none. */
export function createdPool({ logs }: Pick<TransactionReceipt, 'logs'>): Address | undefined {
  return parseEventLogs({ abi: delegationPoolsAbi, eventName: 'PoolCreated', logs })[0]?.args.pool
}
