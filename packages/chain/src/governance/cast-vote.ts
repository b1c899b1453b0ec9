import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'

/** What can be said to a proposal, by its number in the contract. */
export const supports = ['against', 'for', 'abstain'] as const

export type Support = (typeof supports)[number]

/** What {@link castVote} needs. */
export interface CastVoteArgs {
  readonly id: bigint
  readonly support: Support
  /** Kept in the vote's event. */
  readonly reason?: string
}

/** Votes with everything the sender had at the proposal's snapshot. A vote can not be changed. */
export function castVote(governor: Address, { id, support, reason = '' }: CastVoteArgs): Call {
  return encodeCall({
    contract: 'NetworkGovernor',
    to: governor,
    abi: networkGovernorAbi,
    functionName: 'castVoteWithReason',
    args: [id, supports.indexOf(support), reason],
  })
}
