import type { Address } from 'viem'
import { type Call, encodeCall } from '../call.ts'
import { networkGovernorAbi } from '../generated/network-governor.ts'
import type { ProposalContent } from './proposal.ts'

/** Puts a proposal to the vote; an account with at least the threshold of votes sends it. */
export function propose(governor: Address, { actions, description }: ProposalContent): Call {
  return encodeCall({
    contract: 'NetworkGovernor',
    to: governor,
    abi: networkGovernorAbi,
    functionName: 'propose',
    args: [
      actions.map(({ to }) => to),
      actions.map(({ value }) => value),
      actions.map(({ data }) => data),
      description,
    ],
  })
}
